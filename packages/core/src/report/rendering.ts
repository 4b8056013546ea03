// Entry "@convergence-lab/core/rendering": the pieces that every rendering of a report is made of, for
// pages that show parts of one. Strings of HTML and SVG without scripts and without style attributes;
// text in them is escaped.

export { curveFigure } from "./as-html.ts";
export { cautions } from "./cautions.ts";
export { claimsList } from "./claims-html.ts";
export { diagnosisSections } from "./diagnosis-html.ts";
export {
  capital,
  causeName,
  effectText,
  learnabilityText,
  OUTCOME_WORDS,
  prescriptionNotes,
} from "./diagnosis-text.ts";
export { row, table, twoSizes } from "./html-parts.ts";
export { escapeMarkup } from "./markup.ts";
export { count, METRIC_NAMES, rateText, seedsText, summarizedText } from "./summary-text.ts";
export { type DotPlot, dotPlot } from "./svg/dot-plot.ts";
export { type RangePlot, rangePlot } from "./svg/range-plot.ts";
