// The members of a population before any data is loaded: every variant on the axis of training
// seeds (data as written) and on the axis of data seeds.

import { dataVaries } from "../dataset/load-dataset.ts";
import { foldCount } from "../dataset/split-rows.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import type { Spec, Variant } from "../spec/spec.ts";

export interface Member {
  readonly variant: Variant;
  readonly trainingSeed: number;
  /** Offset of the data's seeds; 0 is the data as written. */
  readonly dataSeed: number;
}

/**
 * Per variant with a cross-validation: every fold with every training seed, unless folds are listed
 * as data seeds. Per other variant: all training seeds on the data as written, then each further data seed with a
 * training seed of its own. The two axes share their first member, so a claim can be judged over
 * one kind of seed at a time at the price of T + D - 1 runs instead of T x D.
 */
export function population(spec: Spec): Member[] {
  const training = seedList(spec.seeds.training);
  const offsets = seedList(spec.seeds.data).filter((offset) => offset !== 0);
  return resolveVariants(spec).flatMap((variant) =>
    isCrossValidated(spec, variant)
      ? everyFold(variant, training)
      : star(variant, training, offsets),
  );
}

/** Whether the report of a variant is over its folds. */
export function isCrossValidated({ seeds }: Pick<Spec, "seeds">, { data }: Variant): boolean {
  return foldCount(data) > 0 && typeof seeds.data === "number";
}

function everyFold(variant: Variant, training: readonly number[]): Member[] {
  return Array.from({ length: foldCount(variant.data) }, (_, dataSeed) =>
    training.map((trainingSeed) => ({ variant, trainingSeed, dataSeed })),
  ).flat();
}

function star(variant: Variant, training: readonly number[], offsets: readonly number[]): Member[] {
  return [
    ...training.map((trainingSeed) => ({ variant, trainingSeed, dataSeed: 0 })),
    ...(dataVaries(variant.data) ? offsets : []).map((dataSeed, i) => ({
      variant,
      trainingSeed: training[(i + 1) % training.length],
      dataSeed,
    })),
  ];
}

/** A count n means the seeds 0 .. n - 1; a list means itself, each seed once. */
export function seedList(seeds: number | readonly number[]): number[] {
  return typeof seeds === "number"
    ? Array.from({ length: seeds }, (_, i) => i)
    : [...new Set(seeds)];
}
