// The learning rate of every step, and what an optimizer corrects by at every step, computed in
// double and rounded once. WGSL's own `pow` may err by a thousandth after a few thousand steps.

import type { Hyper, OptimizerKind } from "@convergence-lab/core";

/**
 * Places in the rates of the first and the last step's numbers, for both tables; steps beyond the
 * last stay there.
 */
export interface PlacedRates {
  readonly firstLearningRate: number;
  readonly lastLearningRate: number;
  readonly firstCorrection: number;
  readonly lastCorrection: number;
}

/** Collects the tables of a population, each once. */
export class RateTable {
  readonly #tables: Float32Array[] = [];
  /** By what a table is made from. */
  readonly #places = new Map<unknown, { first: number; last: number }>();
  #length = 0;

  place(optimizer: OptimizerKind, hyper: Hyper, steps: number): PlacedRates {
    const { learningRate, learningRates } = hyper;
    const rates = this.#add(
      learningRates ?? learningRate,
      1,
      () => learningRates ?? Float32Array.of(learningRate),
    );
    const { beta1, beta2 } = hyper;
    const correct = CORRECTIONS[optimizer.name];
    const corrections = this.#add(
      correct && `${optimizer.name} ${beta1} ${beta2} ${steps}`,
      correct?.width ?? 1,
      () => correct?.table(beta1, beta2, steps) ?? Float32Array.of(1),
    );
    return {
      firstLearningRate: rates.first,
      lastLearningRate: rates.last,
      firstCorrection: corrections.first,
      lastCorrection: corrections.last,
    };
  }

  /** All tables, one behind the other. */
  values(): Float32Array {
    const values = new Float32Array(this.#length);
    let position = 0;
    for (const table of this.#tables) {
      values.set(table, position);
      position += table.length;
    }
    return values;
  }

  #add(key: unknown, width: number, make: () => Float32Array): { first: number; last: number } {
    const known = this.#places.get(key);
    if (known) return known;
    const table = make();
    const place = { first: this.#length, last: this.#length + table.length - width };
    this.#tables.push(table);
    this.#length += table.length;
    this.#places.set(key, place);
    return place;
  }
}

interface Corrections {
  /** Numbers of a step. */
  readonly width: number;
  readonly table: (beta1: number, beta2: number, steps: number) => Float32Array;
}

const ADAM: Corrections = { width: 1, table: biasCorrections };

/** What each optimizer reads of a step; those that are not here read nothing. */
const CORRECTIONS: Partial<Record<OptimizerKind["name"], Corrections>> = {
  adam: ADAM,
  adamw: ADAM,
  adamax: { width: 1, table: (beta1, _beta2, steps) => firstMomentCorrections(beta1, steps) },
  nadam: { width: 3, table: nadamCorrections },
};

/** sqrt(1 - beta2^t) / (1 - beta1^t) for t = 1, 2, ... `steps`, or up to where it stays 1. */
export function biasCorrections(beta1: number, beta2: number, steps: number): Float32Array {
  return Float32Array.from(
    { length: Math.min(steps, settled(beta1, beta2)) },
    (_, t) => Math.sqrt(1 - beta2 ** (t + 1)) / (1 - beta1 ** (t + 1)),
  );
}

/** 1 / (1 - beta1^t) */
function firstMomentCorrections(beta1: number, steps: number): Float32Array {
  return Float32Array.from(
    { length: Math.min(steps, settled(beta1)) },
    (_, t) => 1 / (1 - beta1 ** (t + 1)),
  );
}

/**
 * What Nadam (Dozat 2015) takes the mean, the gradient and the mean square by:
 * u(t+1) / (1 - U(t) u(t+1)), (1 - u(t)) / (1 - U(t)) and 1 / (1 - beta2^t), where
 * u(t) = beta1 (1 - 0.96^t / 2) and U is the product of all u so far.
 */
export function nadamCorrections(beta1: number, beta2: number, steps: number): Float32Array {
  const momentumAt = (t: number) => beta1 * (1 - 0.5 * 0.96 ** t);
  const count = Math.min(steps, settled(beta1, beta2, 0.96));
  const corrections = new Float32Array(3 * count);
  let product = 1;
  for (let t = 1; t <= count; t++) {
    const next = momentumAt(t + 1);
    product *= momentumAt(t);
    const ofMean = next / (1 - product * next);
    const ofGradient = (1 - momentumAt(t)) / (1 - product);
    corrections.set([ofMean, ofGradient, 1 / (1 - beta2 ** t)], 3 * (t - 1));
  }
  return corrections;
}

/**
 * Steps after which every power of the bases is below 2^-26, so that 1 minus it rounds to 1 in
 * float32. At least 1.
 */
function settled(...bases: number[]): number {
  const slowest = Math.max(...bases);
  return slowest === 0 ? 1 : Math.ceil((-26 * Math.LN2) / Math.log(slowest)) + 1;
}
