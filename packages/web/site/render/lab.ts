// The element with a spec, and what stands in its place where no script runs: the same experiment as
// it came out when the site was built.

import { parseSpec, type Report, resolveVariants, type SpecInput } from "@convergence-lab/core";
import {
  claimsList,
  count,
  curveFigure,
  seedsText,
  summarizedText,
} from "@convergence-lab/core/rendering";
import { Html, html, NOTHING } from "./html.ts";

export interface LabOptions {
  readonly id: string;
  /** The experiment, or its name where the element knows it by one. */
  readonly source: SpecInput | string;
  readonly report: Report;
  readonly shows: readonly (keyof Report["variants"][string]["final"])[];
  readonly height?: number;
  readonly autoplay?: boolean;
  /** Whether the verdicts stand in front of the curves; where they stand elsewhere they need not. */
  readonly withClaims?: boolean;
}

export function lab({
  id,
  source,
  report,
  shows,
  height,
  autoplay = false,
  withClaims = false,
}: LabOptions): Html {
  const size = height === undefined ? NOTHING : html` height="${height}"`;
  const what =
    typeof source === "string" ? html`preset="${source}"` : html`spec="${JSON.stringify(source)}"`;
  return html`<convergence-lab id="${id}" ${what}${size}${autoplay && html` autoplay`}>
${withClaims && html`<h2 class="built">When this page was built</h2>${new Html(claimsList(report.claims))}`}
${curves(report, shows)}
</convergence-lab>`;
}

/** The curves that a report holds of the metrics, each with the table behind it. */
export function curves(report: Report, shows: LabOptions["shows"]): Html {
  const variants = Object.values(report.variants);
  const figures = shows.flatMap((metric) => {
    const drawn = variants.filter(({ curves }) => curves[metric] !== undefined);
    return drawn.length === 0 ? [] : [new Html(curveFigure(metric, drawn))];
  });
  const { engine } = report;
  return html`<div class="plots">${figures}</div>
<p class="quiet">Line: median over ${summarizedText(report)}. Band: 10th to 90th percentile. Dashed: the best constant predictor. ${count(report.runs.finished, "network")} over ${seedsText(report)}, trained on the ${engine.name} engine (${engine.adapter}).</p>`;
}

/** Whether a spec can be trained as it is written; where it cannot, an error says what is wrong. */
export function isTrainable(spec: SpecInput): boolean {
  try {
    return resolveVariants(parseSpec(spec)).length > 0;
  } catch {
    return false;
  }
}
