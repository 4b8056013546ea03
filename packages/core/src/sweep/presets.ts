// Sweeps that many people want, ready-made from their spec.

import { loadDatasets } from "../compile/compile.ts";
import type { Tables } from "../dataset/table.ts";
import { RANGE_TEST_STEPS, ratesOf } from "../prove/rate-range.ts";
import type { Spec } from "../spec/spec.ts";

export const SWEEP_PRESETS = ["lr-range", "k-fold"] as const;
export type SweepPreset = (typeof SWEEP_PRESETS)[number];

/** Where the spec does not say. */
const USUAL_FOLDS = 5;

/** A rate is judged by more than one start; four tell luck from a rate. */
const RANGE_TEST_SEEDS = 4;

/**
 * A sweep as it could have been written, without a method.
 *
 * lr-range: the learning rates that the optimizer could have, half a decade apart, each for a few
 * hundred steps. k-fold: the spec's network, or whatever else is varied, over the folds of a
 * cross-validation, which are seeds of the data.
 *
 * @throws SpecError when the spec's data cannot be trained on.
 */
export function presetSweep(
  preset: SweepPreset,
  spec: Spec,
  { tables }: { readonly tables?: Tables | undefined } = {},
): Readonly<Record<string, unknown>> {
  switch (preset) {
    case "lr-range": {
      const { train } = spec;
      const [dataset] = loadDatasets({ ...spec, seeds: { training: 1, data: 1 } }, tables).values();
      const perEpoch = Math.ceil(dataset.train.rows / train.batchSize);
      const epochs = Math.ceil(RANGE_TEST_STEPS / perEpoch);
      return {
        spec: { ...spec, train: { ...train, epochs } },
        metric: { name: "loss" },
        seeds: RANGE_TEST_SEEDS,
        parameters: { "train.learningRate": { values: ratesOf(train.optimizer) } },
      };
    }
    case "k-fold": {
      const { source, split } = spec.data;
      const isGrouped = source.kind !== "numpy" && source.groups !== undefined;
      const folded = {
        ...(split ?? { stratify: !isGrouped }),
        folds: split?.folds ?? USUAL_FOLDS,
      };
      // A number of data seeds means all folds, a list some of them.
      const seeds = { training: spec.seeds.training, data: 1 };
      return { spec: { ...spec, data: { ...spec.data, split: folded } }, seeds };
    }
  }
}
