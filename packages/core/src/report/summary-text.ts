// The numbers of a report as the renderings write them, so that text, Markdown and HTML agree.

import { METRIC_NAMES } from "../claims/final-value.ts";
import { intervalNumbers, percent, shortNumber, withMinus } from "../shared/number-text.ts";
import { METRICS, type Metric } from "../spec/metrics.ts";
import type { Rate, Report, Summary, VariantReport } from "./report.ts";

export { METRIC_NAMES };

/** The metrics that any variant has values of, in the order of the spec. */
export function measuredMetrics({ variants }: Report): Metric[] {
  return METRICS.filter((metric) =>
    Object.values(variants).some((variant) => variant.final[metric].n > 0),
  );
}

export interface SummaryText {
  readonly mean: string;
  /** "0.655 to 0.668", or empty. */
  readonly interval: string;
  /** "3 of 20 diverged", or empty. */
  readonly note: string;
  readonly chance: string;
}

/** One variant's final value of one metric. */
export function summaryText(variant: VariantReport, metric: Metric): SummaryText {
  const summary = variant.final[metric];
  const constant = variant.chance?.[metric];
  const chance = constant === undefined ? "" : shortNumber(constant);
  const note = summary.nonFinite > 0 ? `${summary.nonFinite} of ${summary.n} diverged` : "";
  return { ...meanText(summary), note, chance };
}

function meanText({ mean, ci95, n }: Summary): Pick<SummaryText, "mean" | "interval"> {
  if (mean === null) return { mean: n === 0 ? "not measured" : "\u2013", interval: "" };
  if (ci95 === null) return { mean: shortNumber(mean), interval: "" };
  const [center, low, high] = intervalNumbers(mean, ...ci95);
  return { mean: center, interval: `${low} to ${high}` };
}

/** "19 of 20 (76% to 99%)" */
export function rateText({ k, n, ci95 }: Rate): string {
  if (n === 0) return "not measured";
  return `${k} of ${n} (${percent(ci95[0])} to ${percent(ci95[1])})`;
}

/** "20 training seeds on the data as written and 20 data seeds" */
export function seedsText(report: Report): string {
  const { seeds } = report;
  const training = summarizedText(report);
  if (seeds.folds !== undefined) return training;
  return seeds.data.length > 1
    ? `${training} and ${count(seeds.data.length, "data seed")}`
    : training;
}

/** What final values and curves are over: "20 training seeds on the data as written". */
export function summarizedText({ seeds }: Report): string {
  const training = count(seeds.training.length, "training seed");
  if (seeds.folds === undefined) return `${training} on the data as written`;
  const { folds, repeats } = seeds.folds;
  const dealt = repeats === 1 ? "" : `, dealt ${repeats} times,`;
  return `${count(folds, "fold")}${dealt} with ${training} each`;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** An interval of a claim part, whose infinite ends are null. */
export function partNumbers(
  effect: number | null,
  ci95: readonly [number | null, number | null] | null,
): { effect: string; interval: string } {
  const ends = [
    ci95?.[0] ?? Number.NEGATIVE_INFINITY,
    ci95?.[1] ?? Number.POSITIVE_INFINITY,
  ] as const;
  if (effect === null)
    return { effect: "\u2013", interval: ci95 === null ? "\u2013" : unbounded(ends) };
  if (ci95 === null) return { effect: readable(shortNumber(effect)), interval: "\u2013" };
  const [center, low, high] = intervalNumbers(effect, ...ends).map(readable);
  return { effect: center, interval: `${low} to ${high}` };
}

function unbounded(ends: readonly [number, number]): string {
  return ends
    .map((end) => readable(Number.isFinite(end) ? shortNumber(end) : String(end)))
    .join(" to ");
}

/** A true minus sign, and a word for infinity. */
function readable(text: string): string {
  if (text.endsWith("Infinity")) return "diverged";
  return withMinus(text);
}

/** A number as text with its sign, a true minus among them; none before 0. */
export function signed(text: string): string {
  if (text.endsWith("Infinity")) return "diverged";
  if (Number(text) === 0) return text;
  return text.startsWith("-") ? withMinus(text) : `+${text}`;
}
