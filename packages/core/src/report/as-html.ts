// Report -> report.html.

import type { Finding } from "../lint/finding.ts";
import { shortNumber } from "../shared/number-text.ts";
import type { Metric } from "../spec/spec.ts";
import { asJson } from "./as-json.ts";
import { differenceText } from "./cautions.ts";
import { verdictSections } from "./claims-html.ts";
import { curvesCsv } from "./curves-csv.ts";
import { diagnosisSections, signalSections } from "./diagnosis-html.ts";
import { capital } from "./diagnosis-text.ts";
import { findingGroups, findingPlace, tryText } from "./finding-text.ts";
import { htmlPage } from "./html-page.ts";
import { row, table, tableOf, twoSizes } from "./html-parts.ts";
import { attributes, escapeMarkup, wellFormed } from "./markup.ts";
import type { Report, VariantReport } from "./report.ts";
import {
  count,
  METRIC_NAMES,
  measuredMetrics,
  partNumbers,
  rateText,
  seedsText,
  summarizedText,
  summaryText,
} from "./summary-text.ts";
import { linePlot } from "./svg/line-plot.ts";

export function asHtml(report: Report): string {
  const { head, curves, found, rest } = reportSections(report);
  const middle = report.diagnosis === undefined ? [...found, ...curves] : [...curves, ...found];
  return htmlPage({
    title: report.title,
    summary: summaryLine(report),
    sections: [...head, ...middle, ...rest],
    footer: downloads(report),
    data: report,
  });
}

/** What the page is made of: HTML in which every text of a spec is escaped. Some may be empty. */
export interface ReportSections {
  /** The verdicts, or the answer of a diagnosis with what it rests on. */
  readonly head: readonly string[];
  readonly curves: readonly string[];
  readonly found: readonly string[];
  readonly rest: readonly string[];
}

/** For the page, and for whoever shows parts of it in a page of his own. */
export function reportSections(report: Report): ReportSections {
  const { diagnosis } = report;
  return {
    head: diagnosis === undefined ? verdictSections(report) : diagnosisSections(report, diagnosis),
    curves: [curvesSection(report), ...signalSections(report)],
    found: [findingsSection(report), diagnosis === undefined ? proofsSection(report) : ""],
    rest: [finalsSection(report), settingsSection(report), definitionsSection()],
  };
}

function summaryLine(report: Report): string {
  const variants = count(Object.keys(report.variants).length, "variant");
  const runs = count(report.runs.finished, "run");
  return `${report.name}: ${variants}, ${runs} over ${seedsText(report)}, on ${report.engine.name} (${report.engine.adapter}).`;
}

function findingsSection({ findings, variants }: Report): string {
  if (findings.length === 0) return "";
  const groups = findingGroups(findings).map((group) => {
    const items = group.findings.map((finding) => {
      const place = escapeMarkup(findingPlace(finding, Object.keys(variants)));
      const paragraphs = [
        finding.says,
        ...finding.ruledOut.map((text) => `Ruled out: ${text}.`),
        tryText(finding),
      ].filter((text) => text !== "");
      const body = paragraphs.map((text) => `<p>${escapeMarkup(text)}</p>`).join("");
      return `<li><h4>${place}</h4>${body}${findingDetails(finding)}</li>`;
    });
    return `<h3 class="severity ${group.severity}">${escapeMarkup(group.title)}</h3><ul class="findings">${items.join("")}</ul>`;
  });
  return `<section><h2>Findings</h2>${groups.join("")}</section>`;
}

function findingDetails({ evidence, interventions }: Finding): string {
  if (evidence.length === 0 && interventions.length === 0) return "";
  const numbers = evidence.map((text) => `<li>${escapeMarkup(text)}</li>`).join("");
  const patches = interventions.map(
    ({ id, patch }) =>
      `<p class="quiet">${escapeMarkup(id)}</p><pre>${escapeMarkup(JSON.stringify(patch, null, 2))}</pre>`,
  );
  return `<details><summary>Evidence and patches</summary>${numbers === "" ? "" : `<ul>${numbers}</ul>`}${patches.join("")}</details>`;
}

function proofsSection({ proofs }: Report): string {
  if (proofs.length === 0) return "";
  const rows = proofs.map(({ intervention, finding, verdict, effect, ci95, treated }) => {
    const numbers = partNumbers(effect, ci95);
    return row(
      [intervention, finding, verdict],
      [numbers.effect, numbers.interval, String(treated.n)],
    );
  });
  const head = ["intervention", "against", "verdict", "effect", "95% interval", "n"];
  return `<section><h2>Proofs</h2>${table(head, rows)}</section>`;
}

function curvesSection(report: Report): string {
  const variants = Object.values(report.variants);
  const figures = measuredMetrics(report).flatMap((metric) => {
    const shown = variants.filter((variant) => variant.curves[metric] !== undefined);
    return shown.length === 0 ? [] : [curveFigure(metric, shown)];
  });
  if (figures.length === 0) return "";
  const legend = `Each line is the median over ${summarizedText(report)}, its band reaches from the 10th to the 90th percentile, and a run that diverged leaves both. Dashed: the best constant predictor.`;
  return `<section><h2>Curves</h2><p class="quiet">${escapeMarkup(legend)}</p><div class="plots">${figures.join("")}</div></section>`;
}

/** A metric of variants that have it, epoch by epoch, and the table behind it. */
export function curveFigure(metric: Metric, variants: readonly VariantReport[]): string {
  const lines = variants.map(({ name, curves }) => {
    const { median, low, high } = curves[metric]!;
    return { name, values: median, low, high };
  });
  const level = variants[0].chance?.[metric];
  const plots = twoSizes(({ width, height }) =>
    linePlot({
      description: plotDescription(metric, variants),
      xLabel: "epoch",
      yLabel: METRIC_NAMES[metric],
      lines,
      reference:
        level === undefined ? undefined : { value: level, label: "best constant predictor" },
      width,
      height,
    }),
  );
  return `<figure>${plots}${curveTable(metric, variants)}</figure>`;
}

/** "Training loss over 50 epochs. Medians after the last: shallow 0.661, ..." */
function plotDescription(metric: Metric, variants: readonly VariantReport[]): string {
  const epochs = Math.max(...variants.map(({ curves }) => curves[metric]?.median.length ?? 0));
  const ends = variants.map(({ name, curves }) => {
    const last = curves[metric]?.median.at(-1) ?? null;
    return `${name} ${last === null ? "not finite" : shortNumber(last)}`;
  });
  const level = variants[0].chance?.[metric];
  const constant = level === undefined ? "" : `; best constant predictor ${shortNumber(level)}`;
  return `${capital(METRIC_NAMES[metric])} over ${count(epochs, "epoch")}. Medians after the last: ${ends.join(", ")}${constant}.`;
}

/** Rows that a table behind a plot has at most; the CSV has every epoch. */
const MAX_TABLE_ROWS = 50;

function curveTable(metric: Metric, variants: readonly VariantReport[]): string {
  const epochs = Math.max(...variants.map(({ curves }) => curves[metric]?.median.length ?? 0));
  const every = Math.ceil(epochs / MAX_TABLE_ROWS);
  const listed = Array.from({ length: epochs }, (_, i) => i).filter(
    (i) => i % every === 0 || i === epochs - 1,
  );
  const rows = listed.map((i) => {
    const cells = variants.map(({ curves }) => {
      const { median, low, high } = curves[metric]!;
      const [center, from, to] = [median[i], low[i], high[i]].map((value) => value ?? null);
      if (center === null || from === null || to === null) return "\u2013";
      return `${shortNumber(center)} (${shortNumber(from)} to ${shortNumber(to)})`;
    });
    return row([String(i + 1)], cells);
  });
  const head = ["epoch", ...variants.map(({ name }) => name)];
  return `<details><summary>Numbers: median (10th to 90th percentile)</summary><div class="tall">${table(head, rows)}</div></details>`;
}

function finalsSection(report: Report): string {
  const variants = Object.values(report.variants);
  const groups = measuredMetrics(report).map((metric) => {
    const rows = variants.map((variant) => {
      const { mean, interval, note, chance } = summaryText(variant, metric);
      const against = variant.againstChance[metric];
      return row(
        [variant.name],
        [
          mean,
          [interval, note].filter((part) => part !== "").join("; "),
          chance,
          against === undefined ? "" : differenceText(against),
        ],
      );
    });
    return group(METRIC_NAMES[metric], rows);
  });
  const head = [
    "after the last epoch",
    "mean",
    "95% interval",
    "best constant",
    "median minus the constant's",
  ];
  const rates = [
    group(
      "runs that converged",
      variants.map((variant) => row([variant.name], [rateText(variant.converged)])),
    ),
    group(
      "runs that diverged",
      variants.map((variant) => row([variant.name], [rateText(variant.diverged)])),
    ),
  ];
  return `<section><h2>Final values</h2>${tableOf(head, groups.join(""))}<h3>Convergence</h3>${tableOf(["", "runs (95% interval)"], rates.join(""))}</section>`;
}

function settingsSection(report: Report): string {
  const { engine, seeds, runs } = report;
  const versions = Object.entries(engine.versions).map(([name, version]) => `${name} ${version}`);
  const variants = Object.values(report.variants).map((variant) => ({
    name: variant.name,
    facts: variantFacts(variant),
  }));
  // What all variants share is said once.
  const isShared = ([term, text]: Fact) =>
    variants.every(({ facts }) => facts.some((fact) => fact[0] === term && fact[1] === text));
  const shared = variants.length > 1 ? variants[0].facts.filter(isShared) : [];
  const own = variants.map(({ name, facts }) => {
    const list = variants.length > 1 ? facts.filter((fact) => !isShared(fact)) : facts;
    return list.length === 0 ? "" : `<h3>${escapeMarkup(name)}</h3>${definitions(list)}`;
  });
  const environment = definitions([
    ["engine", `${engine.name}, ${engine.adapter}`],
    ["why this engine", engine.reason],
    ["versions", versions.join(", ")],
    ["training seeds", seedList(seeds.training)],
    seeds.folds === undefined
      ? ["data seeds", seedList(seeds.data)]
      : [
          "folds",
          seeds.folds.repeats === 1
            ? String(seeds.folds.folds)
            : `${seeds.folds.folds}, dealt ${seeds.folds.repeats} times`,
        ],
    ["runs", `${runs.finished} of ${runs.planned} planned`],
    ...shared,
  ]);
  return `<section><h2>Settings</h2>${environment}${own.join("")}</section>`;
}

type Fact = readonly [term: string, text: string];

function variantFacts(variant: VariantReport): Fact[] {
  const { network, parameters, epochs, trainRows, testRows, settings } = variant;
  return [
    ["network", `${network}, ${count(parameters, "parameter")}`],
    ["rows", `${trainRows} to train on, ${testRows} to test on`],
    ["epochs", String(epochs)],
    ["data", settings.data],
    ["training", settings.training],
  ];
}

/** "0 to 19", or the list where it has gaps. */
function seedList(seeds: readonly number[]): string {
  const isRange = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i);
  return isRange ? `${seeds[0]} to ${seeds[seeds.length - 1]}` : seeds.join(", ");
}

const DEFINITIONS: readonly Fact[] = [
  [
    "final value",
    "The value after the last epoch, as in Keras's History. A run that diverged counts as worse than any other.",
  ],
  [
    "best constant predictor",
    "The loss and accuracy of a predictor that ignores its inputs, fitted on the training part. Without signal nothing beats it on new rows.",
  ],
  [
    "converged",
    "The final training loss is finite and below 0.9 of the best constant's. It says nothing about new rows.",
  ],
  [
    "diverged",
    "A loss that is not finite, or a final training loss above that of the first epoch.",
  ],
  ["training seed", "Initial weights and batch order; the data stays as written."],
  ["data seed", "Another draw of the data and of the split."],
  [
    "intervals",
    "95%. Of a mean: Student's t. Of a share: Wilson. Of a paired difference: the exact sign-test interval of its median, which needs 6 pairs.",
  ],
];

function definitionsSection(): string {
  return `<section><h2>How to read this</h2>${definitions(DEFINITIONS)}</section>`;
}

/** Longer links do nothing in Chromium, which stops reading a URL at 2 MiB. */
const MAX_LINK = 2 ** 21 - 1;

function downloads(report: Report): string {
  const links = [
    {
      label: "Download the report as JSON",
      file: `${report.name}.json`,
      type: "application/json",
      content: asJson(report),
    },
    {
      label: "Download the curves as CSV",
      file: `${report.name}-curves.csv`,
      type: "text/csv",
      content: curvesCsv(report),
    },
  ].flatMap(({ label, file, type, content }) => {
    const href = `data:${type};charset=utf-8,${percentEncoded(content)}`;
    return href.length > MAX_LINK ? [] : [`<a${attributes({ href, download: file })}>${label}</a>`];
  });
  return links.length === 0 ? "" : `<p class="downloads">${links.join("")}</p>`;
}

/** encodeURI, less what URLs take as it is, and without its exception on lone surrogates. */
function percentEncoded(text: string): string {
  return encodeURI(wellFormed(text))
    .replaceAll("#", "%23")
    .replaceAll("%5B", "[")
    .replaceAll("%5D", "]");
}

/** No `<` in it can end the element or start a comment. */
function definitions(entries: readonly Fact[]): string {
  const items = entries.map(
    ([term, text]) => `<dt>${escapeMarkup(term)}</dt><dd>${escapeMarkup(text)}</dd>`,
  );
  return `<dl>${items.join("")}</dl>`;
}

function group(title: string, rows: readonly string[]): string {
  return `<tbody><tr><th scope="rowgroup" colspan="9">${escapeMarkup(title)}</th></tr>${rows.join("")}</tbody>`;
}
