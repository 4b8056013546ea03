// What an arm costs to train, before it is: for leaving out what no one would wait for.

import { networkOf } from "../compile/compile.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";

/** Of a step beside its products, in multiplications: some 3 microseconds of the CPU path. */
const STEP_OVERHEAD = 50_000;

/**
 * Multiplications of one run: three products of (batch, parameters) per step, forward, dX and dW.
 */
export function trainingCost(variant: Variant, { columns, train }: Dataset): number {
  const { size } = networkOf(variant, columns.length).layout;
  const { epochs, batchSize } = variant.train;
  const steps = epochs * Math.ceil(train.rows / batchSize);
  return steps * (STEP_OVERHEAD + 3 * size * Math.min(batchSize, train.rows));
}

/** A change may make training this many times as long. */
const MOST_TIMES = 25;
/** Always affordable: a third of a second of one core (bench/results/simd-engine-vs-torch.md). */
export const CHEAP = 5e9;

export function isAffordable(variant: Variant, than: Variant, dataset: Dataset): boolean {
  const cost = trainingCost(variant, dataset);
  return cost <= CHEAP || cost <= MOST_TIMES * trainingCost(than, dataset);
}
