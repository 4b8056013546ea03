// SweepReport -> one HTML file: what each parameter did and all of them together, as pictures with
// their numbers behind them.

import { htmlPage } from "../../report/html-page.ts";
import { row, table } from "../../report/html-parts.ts";
import { escapeMarkup } from "../../report/markup.ts";
import { METRIC_NAMES } from "../../report/summary-text.ts";
import { barPlot } from "../../report/svg/bar-plot.ts";
import { parallelPlot } from "../../report/svg/parallel-plot.ts";
import { rangePlot } from "../../report/svg/range-plot.ts";
import { percent, shortNumber } from "../../shared/number-text.ts";
import { valueText } from "../params-text.ts";
import { statesText } from "../summary.ts";
import { trialsText } from "../summary-text.ts";
import { curveFigures, namingParameter } from "./curve-figures.ts";
import { parallelPicture } from "./parallel-picture.ts";
import {
  BEST_HEAD,
  bestCells,
  byImportance,
  COMPARED_HEAD,
  chanceText,
  comparedCaution,
  comparedCells,
  comparedTitle,
  IMPORTANCE_HEAD,
  importanceCells,
  LEVEL_HEAD,
  levelCells,
  mayBeNothing,
  reportTitle,
  restText,
  SHARE_SAYS,
  sweepCautions,
} from "./report-words.ts";
import type { ParameterReport, SweepReport, SweptReport } from "./sweep-report.ts";

const STYLE = `
figure.across { max-width: 60rem; margin: 1rem 0; }
figcaption { font-weight: 650; overflow-wrap: anywhere; }
`;

/** Of plots as wide as the page; text in an SVG shrinks with it, so phones have their own. */
const ACROSS = { wide: 760, narrow: 340 } as const;
/** Of plots that stand two in a row. */
const BESIDE = { wide: 480, narrow: 340 } as const;

/** More lines of text than this are no picture; the table behind it has them all. */
const MOST_ROWS = 24;

export function sweepReportHtml(report: SweepReport): string {
  const { sweeps, metric } = report;
  return htmlPage({
    title: reportTitle(report),
    summary: sweeps
      .map(({ name, networks, trials }) => trialsText({ name, metric, networks, ...trials }))
      .join("; "),
    style: STYLE,
    sections: [
      comparedSection(report),
      ...sweeps.flatMap((swept) => sweepSections(swept, report)),
      readingSection(),
    ],
    footer: "",
    data: report,
  });
}

function comparedSection(report: SweepReport): string {
  const { sweeps } = report;
  if (sweeps.length === 1) return "";
  const caution = comparedCaution(report);
  const says = caution === "" ? "" : `<p>${escapeMarkup(caution)}</p>`;
  const numbers = wordsFirst(COMPARED_HEAD, sweeps.map(comparedCells), [0, 6, 5]);
  return `<section><h2>${escapeMarkup(comparedTitle(report))}</h2>${says}${numbers}</section>`;
}

/** Words may break over lines, which numbers may not; so they come first. */
function wordsFirst(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words: readonly number[],
): string {
  const numbers = head.map((_, i) => i).filter((i) => !words.includes(i));
  const pick = (cells: readonly string[], places: readonly number[]) =>
    places.map((place) => cells[place]);
  return table(
    pick(head, [...words, ...numbers]),
    rows.map((cells) => row(pick(cells, words), pick(cells, numbers))),
  );
}

function sweepSections(swept: SweptReport, report: SweepReport): string[] {
  const title = (text: string) =>
    `<h2>${escapeMarkup(report.sweeps.length === 1 ? text : `${swept.name}: ${text}`)}</h2>`;
  if (swept.trials.finished === 0) {
    return [`<section>${title("Best trials")}<p>No trial has finished.</p></section>`];
  }
  const cautions = sweepCautions(swept, report.metric).map(
    (text) => `<li>${escapeMarkup(text)}</li>`,
  );
  const caution =
    cautions.length === 0
      ? ""
      : `<section class="cautions">${title("Before you quote a number")}<ul>${cautions.join("")}</ul></section>`;
  return [
    `<section>${title("Best trials")}${bestTable(swept)}</section>`,
    caution,
    curvesSection(swept, report, title),
    importanceSection(swept, title),
    levelsSection(swept, report, title),
    parallelSection(swept, report, title),
    `<section>${title("Settings")}${settings(swept)}</section>`,
  ];
}

type Title = (text: string) => string;

function bestTable({ best }: SweptReport): string {
  return wordsFirst(BEST_HEAD, best.map(bestCells), [0, 6, 5]);
}

function curvesSection(swept: SweptReport, report: SweepReport, title: Title): string {
  const figures = curveFigures(swept, report);
  if (figures.length === 0) return "";
  const parameter = namingParameter(swept);
  const value = parameter === undefined ? "" : `, and behind it is its ${parameter}`;
  const legend = `A line is the median over the networks of a trial, in which one that diverged counts as the worst. At its end stands the trial's number in the table above${value}. Of a long training a hundred epochs are kept.`;
  return `<section>${title("How the best learned")}<p class="quiet">${escapeMarkup(legend)}</p><div class="plots">${figures.join("")}</div></section>`;
}

function importanceSection(swept: SweptReport, title: Title): string {
  const parameters = byImportance(swept.parameters);
  const told = parameters.filter(({ importance }) => importance !== null);
  const shown = told.slice(0, MOST_ROWS);
  const words = shown.map(({ name, importance }) => `${name} ${percent(importance!.share)}`);
  const picture =
    shown.length === 0
      ? ""
      : drawnFor(ACROSS, (width) =>
          barPlot({
            description: `Share of the variance of the trials' places that each parameter explains alone: ${words.join(", ")}.`,
            label: "share of the variance of places",
            rows: shown.map((parameter) => ({
              name: parameter.name,
              note: noteOf(parameter),
              value: parameter.importance!.share,
              isHollow: mayBeNothing(parameter),
            })),
            width,
          }),
        );
  const numbers = wordsFirst(IMPORTANCE_HEAD, parameters.map(importanceCells), [4, 3]);
  const says = `<p class="quiet">${escapeMarkup(SHARE_SAYS)} A hollow bar may be nothing.</p><p class="quiet">${escapeMarkup(restText(swept))}</p>`;
  return `<section>${title("What matters")}${says}<figure class="across">${picture}</figure>${numbers}</section>`;
}

function noteOf(parameter: ParameterReport): string {
  const { share, chance } = parameter.importance!;
  const doubt = mayBeNothing(parameter) ? `, chance ${chanceText(chance)}` : "";
  return `${percent(share)}${doubt}`;
}

function levelsSection(swept: SweptReport, { metric }: SweepReport, title: Title): string {
  const parameters = byImportance(swept.parameters).filter(({ levels }) => levels.length > 1);
  // One axis for all of them, so that they can be compared.
  const values = parameters.flatMap(({ levels }) =>
    levels.flatMap(({ spread, best }) => [...(spread ?? []), ...(best === null ? [] : [best])]),
  );
  const figures = parameters.map((parameter) =>
    levelsFigure(parameter, METRIC_NAMES[metric.name], values),
  );
  if (figures.length === 0) return "";
  const legend =
    "Dot: the median of the trials with a value. Bar: their 10th to 90th percentile. Stroke: the best of them. All plots have one axis.";
  return `<section>${title("Parameter by parameter")}<p class="quiet">${legend}</p><div class="plots">${figures.join("")}</div></section>`;
}

function levelsFigure(
  parameter: ParameterReport,
  metric: string,
  values: readonly number[],
): string {
  const { name, levels } = parameter;
  const shown = levels.slice(0, MOST_ROWS);
  const medians = shown.map(
    ({ label, median }) => `${label} ${median === null ? "none" : shortNumber(median)}`,
  );
  const picture = drawnFor(BESIDE, (width) =>
    rangePlot({
      description: `Median ${metric} by ${name}: ${medians.join(", ")}.`,
      label: metric,
      rows: shown.map(({ label, trials, withoutValue, median, spread, best }) => ({
        name: label,
        note: withoutValue === 0 ? `n ${trials}` : `n ${trials}, ${withoutValue} without`,
        center: median,
        range: spread,
        best,
      })),
      values,
      width,
    }),
  );
  const rows = levels.map((level) => {
    const [label, ...cells] = levelCells(level);
    return row([label], cells);
  });
  return `<figure><figcaption>${escapeMarkup(name)}</figcaption>${picture}<details><summary>Numbers</summary><div class="tall">${table(LEVEL_HEAD, rows)}</div></details></figure>`;
}

function parallelSection(swept: SweptReport, { metric }: SweepReport, title: Title): string {
  const picture = parallelPicture(swept, METRIC_NAMES[metric.name]);
  if (picture === undefined) return "";
  const { axes, lines, leftOut } = picture;
  const first = swept.best[0];
  const description = `A line for each of ${lines.length} trials through its values of ${axes.map(({ name }) => name).join(", ")}. The best, ${bestCells(first, 0).at(-1)}, comes to ${first.value === null ? "no value" : shortNumber(first.value)}.`;
  const drawn = drawnFor(ACROSS, (width) => parallelPlot({ description, axes, lines, width }));
  const names = swept.parameters.map(({ name }) => name);
  const rows = swept.shown.map(({ index, params, value }) =>
    row(
      [String(index)],
      [
        ...names.map((name) => (Object.hasOwn(params, name) ? valueText(params[name]) : "\u2013")),
        value === null ? "\u2013" : shortNumber(value, 4),
      ],
    ),
  );
  const more = leftOut === 0 ? "" : ` The ${leftOut} parameters that matter least are left out.`;
  const some =
    swept.shown.length < swept.trials.finished
      ? ` ${swept.shown.length} of ${swept.trials.finished.toLocaleString("en")} trials are drawn, beside the best.`
      : "";
  const says = `A line is a trial. The numbers under the last axis are those of the best trials above; the first is in colour.${more}${some}`;
  const numbers = `<details><summary>Numbers</summary><div class="tall">${table(["trial", ...names, METRIC_NAMES[metric.name]], rows)}</div></details>`;
  return `<section>${title("All together")}<p class="quiet">${escapeMarkup(says)}</p><figure class="across">${drawn}${numbers}</figure></section>`;
}

function settings({ sweep, folders, engines, networks, trials }: SweptReport): string {
  const facts = [
    ["sweep", sweep.slice(0, 16)],
    ["read from", folders.join(", ")],
    ["trained on", engines.join("; ")],
    [
      "trials",
      `${trials.finished.toLocaleString("en")} of ${trials.total.toLocaleString("en")}: ${statesText(trials)}`,
    ],
    ["networks of a trial", String(networks)],
  ];
  return definitions(facts);
}

const DEFINITIONS = [
  ["mean", "Of the metric after the last epoch, over the networks of a trial."],
  [
    "95% interval",
    "Of that mean: Student's t over seeds, or over folds with their shared training rows counted (Nadeau and Bengio). It knows of the seeds and not of the choice.",
  ],
  [
    "behind the first",
    "The trial's value minus the first one's on the same seeds, with its 95% interval. Where that holds 0 the two cannot be told apart.",
  ],
  [
    "place",
    "Where a trial stands in the order of all, from 0% for the best to 100%. A place has no unit, so that one setting that explodes does not outweigh all others.",
  ],
  [
    "share",
    "Epsilon squared of an analysis of variance of places by the values of one parameter, numbers in up to ten ranges of equally many trials. It does not see what parameters do only with one another, and parameters that vary together share what they do.",
  ],
  ["pruned", "Cut before its end; its value is of the epoch at which it was cut."],
];

function readingSection(): string {
  return `<section><h2>How to read this</h2>${definitions(DEFINITIONS)}</section>`;
}

function definitions(facts: readonly (readonly string[])[]): string {
  const items = facts.map(
    ([term, text]) => `<dt>${escapeMarkup(term)}</dt><dd>${escapeMarkup(text)}</dd>`,
  );
  return `<dl>${items.join("")}</dl>`;
}

/** One drawing for pages and one for phones; the style shows the one that fits. */
function drawnFor(
  sizes: Readonly<Record<string, number>>,
  draw: (width: number) => string,
): string {
  return Object.entries(sizes)
    .map(([name, width]) => draw(width).replace("<svg", `<svg class="${name}"`))
    .join("");
}
