// What a change makes training cost, before anything is trained: for leaving out what no one would
// wait for. Costs are counted in multiplications, so that they are the same on every engine; one core
// does some 1e10 a second of wide networks (bench/results/simd-engine-vs-torch.md).

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

/**
 * A quarter of a second of one core or more. Such a network is proved by fewer pairs, and of what is
 * only good to know of it what is cheap.
 */
const DEAR = 1e9;

export function isDear(variant: Variant, dataset: Dataset): boolean {
  return trainingCost(variant, dataset) > DEAR;
}

/** A change may make training this many times as long. */
const MOST_TIMES = 25;
/**
 * Always affordable: two thirds of a second to two seconds of one core
 * (bench/results/simd-engine-vs-torch.md).
 */
export const CHEAP = 1e10;
/** Some four seconds of one core: of a network that is dearer by itself no change costs much more. */
const LONG = 2e10;
/** What a change may then still cost, times the unchanged network. */
const LITTLE_MORE = 2;

export function isAffordable(variant: Variant, than: Variant, dataset: Dataset): boolean {
  const cost = trainingCost(variant, dataset);
  const before = trainingCost(than, dataset);
  return (
    cost <= CHEAP || cost <= Math.max(LITTLE_MORE * before, Math.min(LONG, MOST_TIMES * before))
  );
}

/**
 * What nobody notices: half a second of one core. So much may be spent on a doubt between
 * arms; a network so cheap that all that people try costs twice this is tried with all of it.
 */
export const UNNOTICED = CHEAP / 2;

/** What judging the best changes of other causes may cost, which is only good to know. */
export const OTHERS_COST = 3e10;
/** What leaving out each part of a combination may cost. */
export const ABLATION_COST = 2e11;
/** What one arm may cost on more seeds, without which there is no proof. */
export const MORE_COST = 1.5e11;
