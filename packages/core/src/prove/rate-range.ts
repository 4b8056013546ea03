// A learning-rate range test: the network as it stands for a few hundred steps at every rate that its
// optimizer could have, as one population. Smith (WACV 2017) raises the rate within one training; a
// population can afford a training for each, so that no rate inherits what another has done.

import { CHEAP, isDear, trainingCost } from "../causes/cost.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { median } from "../shared/statistics.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { OptimizerSpec, Variant } from "../spec/spec.ts";
import { dataLoss } from "../trace/derived/epochs.ts";
import { ENDS, type Trains } from "./trainer.ts";

export interface RateRange {
  /** Ascending, about half a decade apart. */
  readonly rates: readonly number[];
  /** Training loss at the end of each, median over the seeds; null where it is not finite. */
  readonly loss: readonly (number | null)[];
  /** Optimizer steps of each training. */
  readonly steps: number;
  readonly seeds: number;
  /** What answering the classes' shares costs. */
  readonly chance: number;
  /**
   * The lowest rate that comes about as far as any; null where none gets clearly below the loss of a
   * constant answer. In a short training the largest rates look best, and they fail first in a long
   * one.
   */
  readonly best: number | null;
}

/** Long enough for a loss to fall at the better rates, short enough to be cheap. */
export const RANGE_TEST_STEPS = 200;
/** A network that takes long to train has the first of them. */
const SEEDS = [900, 901] as const;
/** Of the loss of a constant answer; a rate that gets no lower has found nothing. */
const CLEARLY_BELOW = 0.9;

/** Of the whole fall. */
const ABOUT_AS_FAR = 0.1;

/** Decades of rates; SGD's step is the gradient times the rate, an adaptive one the rate itself. */
const RANGE = { sgd: [-4, 1], adadelta: [-3, 2], adaptive: [-6, 0] } as const;

/** The rates that an optimizer could have, half a decade apart. */
export function ratesOf({ name }: OptimizerSpec): number[] {
  const [from, to] = name === "sgd" || name === "adadelta" ? RANGE[name] : RANGE.adaptive;
  return Array.from({ length: 2 * (to - from) + 1 }, (_, i) =>
    Number(((i % 2 === 0 ? 1 : 3) * 10 ** (from + Math.floor(i / 2))).toPrecision(1)),
  );
}

/**
 * Undefined where the rate follows a schedule, and where it would cost more than the network as it
 * stands, `runs` times.
 */
export async function rateRange(
  variant: Variant,
  dataset: Dataset,
  trainer: Trains,
  runs: number,
): Promise<RateRange | undefined> {
  const { learningRate, optimizer, batchSize } = variant.train;
  if (typeof learningRate !== "number") return undefined;
  const perEpoch = Math.ceil(dataset.train.rows / batchSize);
  const epochs = Math.ceil(RANGE_TEST_STEPS / perEpoch);
  const rates = ratesOf(optimizer);
  const short = { ...variant, train: { ...variant.train, epochs } };
  const seeds = isDear(variant, dataset) ? SEEDS.slice(0, 1) : SEEDS;
  const cost = rates.length * seeds.length * trainingCost(short, dataset);
  if (cost > Math.max(CHEAP, runs * trainingCost(variant, dataset))) return undefined;

  const variants = Object.fromEntries(
    rates.map((rate): [string, SpecPatch] => [
      String(rate),
      { train: { learningRate: rate, epochs } },
    ]),
  );
  const trace = await trainer.train({ variants, seeds, evaluates: ENDS });
  const loss = rates.map((rate) => {
    const ends = trace.runs
      .filter((run) => run.variant === String(rate))
      .map((run) => dataLoss(run, "loss")?.at(-1) ?? Number.NaN);
    const middle = ends.every(Number.isFinite) ? median(ends) : Number.NaN;
    return Number.isFinite(middle) ? middle : null;
  });
  const { chance } = trace.runs[0];
  const least = Math.min(...loss.map((value) => value ?? Number.POSITIVE_INFINITY));
  const isAbout = (value: number | null) =>
    value !== null && value <= least + ABOUT_AS_FAR * (chance.loss - least);
  return {
    rates,
    loss,
    steps: epochs * perEpoch,
    seeds: seeds.length,
    chance: chance.loss,
    best: least < CLEARLY_BELOW * chance.loss ? rates[loss.findIndex(isAbout)] : null,
  };
}
