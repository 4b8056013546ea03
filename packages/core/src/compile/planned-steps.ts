// How long a run is before it has been trained.

import type { Dataset } from "../dataset/dataset.ts";
import type { Plan } from "./plan.ts";

/** Optimizer steps of a run that does not end early. */
export function plannedSteps(plan: Plan, datasets: readonly Dataset[], run: number): number {
  const { bucket, dataset } = plan.runs[run];
  const { batchSize, epochs } = plan.buckets[bucket];
  return epochs * Math.ceil(datasets[dataset].train.rows / batchSize);
}
