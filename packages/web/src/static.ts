// Entry "./static": what stands between the element's tags. Written when a page is built, it is the
// picture for readers without scripts, on paper, and for search engines, until something is trained.

import {
  escapeMarkup,
  linePlot,
  type Metric,
  type Report,
  shortNumber,
} from "@convergence-lab/core";
import { METRIC_NAMES } from "./view/metric-names.ts";

const SIZE = { width: 640, height: 320 } as const;

/** A plot and a table of what a saved report says, as HTML in which every text is escaped. */
export function fallbackHtml(report: Report, metric: Metric = "loss"): string {
  const variants = Object.values(report.variants).filter(({ curves }) => curves[metric]);
  if (variants.length === 0) return `<p>${escapeMarkup(report.title)}</p>`;
  const level = variants[0].chance?.[metric];
  const ends = variants.map(
    ({ name, curves }) => `${name} ${numberText(curves[metric]!.median.at(-1) ?? null)}`,
  );
  const svg = linePlot({
    ...SIZE,
    description: `${METRIC_NAMES[metric]} after training, medians over seeds: ${ends.join(", ")}.`,
    xLabel: "epoch",
    yLabel: METRIC_NAMES[metric],
    lines: variants.map(({ name, curves }) => {
      const { median, low, high } = curves[metric]!;
      return { name, values: median, low, high };
    }),
    reference: level === undefined ? undefined : { value: level, label: "best constant predictor" },
  });
  const rows = variants.map(({ name, final }) => {
    const { mean, ci95 } = final[metric];
    const interval = ci95 === null ? "" : ci95.map((end) => shortNumber(end)).join(" to ");
    return `<tr><th scope="row">${escapeMarkup(name)}</th><td>${numberText(mean)}</td><td>${interval}</td></tr>`;
  });
  const claims = report.claims.map(
    ({ text, verdict, says }) =>
      `<li><strong>${verdict}</strong>: ${escapeMarkup(text)}. ${escapeMarkup(says)}</li>`,
  );
  return [
    `<figure>${svg}<figcaption>${escapeMarkup(report.title)}: ${METRIC_NAMES[metric]}, median and band over ${report.seeds.training.length} seeds.</figcaption></figure>`,
    claims.length === 0 ? "" : `<ul>${claims.join("")}</ul>`,
    `<table><thead><tr><th scope="col">variant</th><th scope="col">mean</th><th scope="col">95% interval</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  ].join("");
}

function numberText(value: number | null): string {
  return value === null ? "not finite" : shortNumber(value);
}
