// Report -> text for a terminal: verdicts first, then what could make them meaningless, then one
// table with the chance level beside each mean. Nothing is said by colour alone.

import type { Metric } from "../spec/spec.ts";
import { cautions } from "./cautions.ts";
import { diagnosisAsText } from "./diagnosis-as-text.ts";
import { findingsAsText } from "./findings-as-text.ts";
import { displayWidth, fit, plainText, wrap } from "./plain-text.ts";
import type { Report, VariantReport, Verdict } from "./report.ts";
import { sparkline } from "./sparkline.ts";
import {
  METRIC_NAMES,
  measuredMetrics,
  rateText,
  summarizedText,
  summaryText,
} from "./summary-text.ts";
import { scaleOf } from "./svg/scale.ts";
import { heading } from "./text-heading.ts";
import {
  labelled,
  notes,
  type Pen,
  penOf,
  type Style,
  type TextOptions,
  textOf,
} from "./text-pen.ts";

const MAX_NAME = 20;

export type { TextOptions };

export function asText(report: Report, options: TextOptions = {}): string {
  const pen = penOf(options);
  if (report.diagnosis !== undefined) return diagnosisAsText(report, report.diagnosis, pen);
  const blocks = [
    heading(report, pen),
    verdicts(report, pen),
    notes("Before you quote a verdict", cautions(report), pen),
    findings(report, pen),
    notes("Proofs", proofLines(report), pen),
    finals(report, pen),
    rates(report, pen),
  ];
  return textOf(blocks, pen);
}

const VERDICT_STYLES: Record<Verdict, Style> = {
  supported: "green",
  contradicted: "red",
  undecided: "yellow",
};

function verdicts({ claims }: Report, pen: Pen): string[] {
  const indent = "CONTRADICTED".length + 2;
  return claims.flatMap(({ verdict, text, says }) => {
    const claim = wrap(plainText(text), pen.width - indent).map((line) => pen.paint("bold", line));
    const lines = [...claim, ...wrap(plainText(says), pen.width - indent)];
    return labelled(verdict.toUpperCase(), VERDICT_STYLES[verdict], lines, indent, pen);
  });
}

function findings(report: Report, { paint, width, color }: Pen): string[] {
  const text = findingsAsText(report.findings, Object.keys(report.variants), { color, width });
  return text === "" ? [] : [paint("bold", "Findings"), text];
}

function proofLines({ proofs }: Report): string[] {
  return proofs.map(
    ({ intervention, finding, verdict }) => `${intervention} against ${finding}: ${verdict}`,
  );
}

/** As wide as its heading; below that there is no room for a curve. */
const SPARK_TITLE = "median by epoch";

const COLUMNS = { mean: 9, interval: 21, chance: 10 } as const;

function finals(report: Report, pen: Pen): string[] {
  const variants = Object.values(report.variants);
  const metrics = measuredMetrics(report);
  if (metrics.length === 0) return [];
  const nameWidth = widthOfNames(variants);
  const used = 2 + nameWidth + 2 + COLUMNS.mean + COLUMNS.interval + COLUMNS.chance;
  const sparkWidth = Math.min(30, pen.width - used);
  const head = `${" ".repeat(nameWidth + 4)}${"mean".padEnd(COLUMNS.mean)}${"95% interval".padEnd(COLUMNS.interval)}${"constant".padEnd(COLUMNS.chance)}${sparkWidth < SPARK_TITLE.length ? "" : SPARK_TITLE}`;
  const rows = metrics.flatMap((metric) => [
    pen.paint("bold", METRIC_NAMES[metric]),
    ...metricRows(metric, variants, nameWidth, sparkWidth, pen),
  ]);
  const legend = wrap(
    `After the last epoch, ${summarizedText(report)}. Constant: the best constant predictor.`,
    pen.width,
  );
  return [
    pen.paint("dim", head.trimEnd()),
    ...rows,
    ...legend.map((line) => pen.paint("dim", line)),
  ];
}

function metricRows(
  metric: Metric,
  variants: readonly VariantReport[],
  nameWidth: number,
  sparkWidth: number,
  { isAscii }: Pen,
): string[] {
  const medians = variants.map(({ curves }) => curves[metric]?.median ?? []);
  // One scale for all variants, so that their curves can be compared by eye.
  const scale = scaleOf(
    medians.flat().filter((value) => value !== null),
    4,
  );
  return variants.map((variant, i) => {
    const { mean, interval, note, chance } = summaryText(variant, metric);
    const spark =
      sparkWidth < SPARK_TITLE.length ? "" : sparkline(medians[i], sparkWidth, scale.at, isAscii);
    const cells = [
      `  ${fit(plainText(variant.name), nameWidth)}  `,
      mean.padEnd(COLUMNS.mean),
      interval.padEnd(COLUMNS.interval),
      chance.padEnd(COLUMNS.chance),
      spark,
    ];
    const line = cells.join("").trimEnd();
    return note === "" ? line : `${line}\n${" ".repeat(nameWidth + 4)}(${note})`;
  });
}

function rates(report: Report, { paint }: Pen): string[] {
  const variants = Object.values(report.variants);
  const nameWidth = widthOfNames(variants);
  const column =
    Math.max("converged".length, ...variants.map((v) => rateText(v.converged).length)) + 2;
  const head = `${" ".repeat(nameWidth + 4)}${"converged".padEnd(column)}diverged`;
  const rows = variants.map(
    (variant) =>
      `  ${fit(plainText(variant.name), nameWidth)}  ${rateText(variant.converged).padEnd(column)}${rateText(variant.diverged)}`,
  );
  return [paint("dim", head), ...rows];
}

function widthOfNames(variants: readonly VariantReport[]): number {
  const widths = variants.map(({ name }) => displayWidth(plainText(name)));
  return Math.min(MAX_NAME, Math.max(...widths));
}
