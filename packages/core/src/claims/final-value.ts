// What a run's curve comes to: the last value of Keras's History. No smoothing and no best epoch,
// because choosing an epoch by what it scored is a way of training too.

import type { Metric } from "../spec/spec.ts";
import type { TraceRun } from "../trace/trace.ts";

/**
 * The metric after the last epoch; undefined when it was not measured. A run that diverged, or
 * whose last value is not finite, is as bad as can be: loss +Infinity, accuracy -Infinity.
 */
export function finalValue(run: TraceRun, metric: Metric): number | undefined {
  const values = run.signals[metric];
  if (run.status === "diverged" && (values !== undefined || couldMeasure(run, metric))) {
    return worstValue(metric);
  }
  const last = values?.at(-1);
  if (last === undefined) return undefined;
  return Number.isFinite(last) ? last : worstValue(metric);
}

/** Without a test part the best constant predictor has no validation level either. */
function couldMeasure(run: TraceRun, metric: Metric): boolean {
  return !metric.startsWith("val") || run.chance.valLoss !== undefined;
}

/** What is worse than any number. */
export function worstValue(metric: Metric): number {
  return isLoss(metric) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Whether lower is better. */
export function isLoss(metric: Metric): boolean {
  return metric === "loss" || metric === "valLoss";
}

/** The metric in words. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  loss: "training loss",
  accuracy: "training accuracy",
  valLoss: "validation loss",
  valAccuracy: "validation accuracy",
};
