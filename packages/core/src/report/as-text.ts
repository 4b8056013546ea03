// Report -> text for a terminal: verdicts first, then what could make them meaningless, then one
// table with the chance level beside each mean. Nothing is said by colour alone.

import type { Metric } from "../spec/spec.ts";
import { cautions } from "./cautions.ts";
import { findingsAsText } from "./findings-as-text.ts";
import { displayWidth, fit, plainText, wrap } from "./plain-text.ts";
import type { Report, VariantReport, Verdict } from "./report.ts";
import { sparkline } from "./sparkline.ts";
import {
  count,
  METRIC_NAMES,
  measuredMetrics,
  rateText,
  seedsText,
  summaryText,
} from "./summary-text.ts";
import { scaleOf } from "./svg/scale.ts";

export interface TextOptions {
  readonly color?: boolean;
  /** Columns; 80 when absent. */
  readonly width?: number;
  /** ASCII sparklines and signs; the letters of names and claims stay as the spec writes them. */
  readonly ascii?: boolean;
}

/** Below it a table has no room beside its names. */
const MIN_WIDTH = 40;
const MAX_NAME = 20;

export function asText(report: Report, options: TextOptions = {}): string {
  const pen: Pen = {
    paint: (style, text) => (options.color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text),
    color: options.color ?? false,
    width: Math.max(MIN_WIDTH, options.width ?? 80),
    isAscii: options.ascii ?? false,
  };
  const blocks = [
    heading(report, pen),
    verdicts(report, pen),
    notes("Before you quote a verdict", cautions(report), pen),
    findings(report, pen),
    notes("Proofs", proofLines(report), pen),
    finals(report, pen),
    rates(report, pen),
  ];
  const text = `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
  return pen.isAscii
    ? text.replaceAll("\u2212", "-").replaceAll("\u2013", "-").replaceAll("\u2026", ".")
    : text;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

interface Pen {
  paint(style: keyof typeof STYLES, text: string): string;
  readonly width: number;
  readonly color: boolean;
  readonly isAscii: boolean;
}

function heading(report: Report, { paint, width }: Pen): string[] {
  const { name, engine, runs, variants } = report;
  const summary = `${name}: ${count(Object.keys(variants).length, "variant")}, ${count(runs.finished, "run")} over ${seedsText(report)}, on ${engine.name} (${engine.adapter}; ${engine.reason})`;
  // A spec without a title is called by its name, which the summary starts with.
  const title = report.title === name ? [] : wrap(plainText(report.title), width);
  return [
    ...title.map((line) => paint("bold", line)),
    ...wrap(plainText(summary), width).map((line) => paint("dim", line)),
  ];
}

const VERDICT_STYLES: Record<Verdict, keyof typeof STYLES> = {
  supported: "green",
  contradicted: "red",
  undecided: "yellow",
};

function verdicts({ claims }: Report, { paint, width }: Pen): string[] {
  const indent = "CONTRADICTED".length + 2;
  return claims.flatMap(({ verdict, text, says }) => {
    const label = paint(VERDICT_STYLES[verdict], verdict.toUpperCase().padEnd(indent));
    const claim = wrap(plainText(text), width - indent).map((line) => paint("bold", line));
    const lines = [...claim, ...wrap(plainText(says), width - indent)];
    return lines.map((line, i) => (i === 0 ? label : " ".repeat(indent)) + line);
  });
}

function notes(title: string, items: readonly string[], { paint, width }: Pen): string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) =>
    wrap(plainText(item), width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)),
  );
  return [paint("bold", title), ...lines];
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
    `After the last epoch, ${count(report.seeds.training.length, "training seed")} on the data as written. Constant: the best constant predictor.`,
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
