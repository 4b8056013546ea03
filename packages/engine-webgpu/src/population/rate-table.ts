// The learning rate of every step, and the factor of Adam's bias correction of every step, computed
// in double and rounded once. WGSL's own `pow` may err by a thousandth after a few thousand steps.

import type { Hyper, OptimizerKind } from "@convergence-lab/core";

/** First and last place of both tables in the rates; steps beyond the last stay there. */
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
      () => learningRates ?? Float32Array.of(learningRate),
    );
    const isCorrected = optimizer.name === "adam" || optimizer.name === "adamw";
    const { beta1, beta2 } = isCorrected ? hyper : { beta1: 0, beta2: 0 };
    const corrections = this.#add(`${beta1} ${beta2} ${steps}`, () =>
      biasCorrections(beta1, beta2, steps),
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

  #add(key: unknown, make: () => Float32Array): { first: number; last: number } {
    const known = this.#places.get(key);
    if (known) return known;
    const table = make();
    const place = { first: this.#length, last: this.#length + table.length - 1 };
    this.#tables.push(table);
    this.#length += table.length;
    this.#places.set(key, place);
    return place;
  }
}

/**
 * sqrt(1 - beta2^t) / (1 - beta1^t) for t = 1, 2, ... `steps`, or up to where it stays 1 in float32:
 * once both powers are below 2^-26, every later quotient rounds to 1.
 */
export function biasCorrections(beta1: number, beta2: number, steps: number): Float32Array {
  const slower = Math.max(beta1, beta2);
  const settled = slower === 0 ? 1 : Math.ceil((-26 * Math.LN2) / Math.log(slower)) + 1;
  return Float32Array.from(
    { length: Math.max(1, Math.min(steps, settled)) },
    (_, t) => Math.sqrt(1 - beta2 ** (t + 1)) / (1 - beta1 ** (t + 1)),
  );
}
