// A cross-validated variant's final values: over folds, each with the mean of its training seeds.

import { finalValue } from "../claims/final-value.ts";
import { foldCount } from "../dataset/split-rows.ts";
import { correctedInterval, mean } from "../shared/statistics.ts";
import type { DataSpec, Metric } from "../spec/spec.ts";
import type { TraceRun } from "../trace/trace.ts";
import type { Folds, Summary } from "./report.ts";
import { summarize } from "./summarize.ts";

/** Undefined without a cross-validation. */
export function foldsOf(data: DataSpec): Folds | undefined {
  const { folds, repeats = 1 } = data.split ?? {};
  return folds === undefined || foldCount(data) === 0 ? undefined : { folds, repeats };
}

/**
 * The interval of the mean counts that folds share most of their training rows (Nadeau and Bengio,
 * Machine Learning 52, 2003): t of n - 1, variance sd^2 (1/n + test rows / training rows).
 */
export function summaryOverFolds(
  runs: readonly TraceRun[],
  metric: Metric,
  { folds }: Folds,
): Summary {
  const byFold = new Map<number, number[]>();
  for (const run of runs) {
    const value = finalValue(run, metric);
    if (value === undefined) continue;
    const values = byFold.get(run.dataSeed) ?? [];
    values.push(value);
    byFold.set(run.dataSeed, values);
  }
  const means = [...byFold.values()].map(mean);
  const finite = means.filter(Number.isFinite);
  return { ...summarize(means), ci95: correctedInterval(finite, 1 / (folds - 1)) ?? null };
}
