// When a monitored signal has improved, as Keras's callbacks see it. Losses fall, accuracies rise.

import type { Metric } from "../spec/spec.ts";

/** The best value so far of one signal. */
export class Monitor {
  readonly #rises: boolean;
  readonly #minDelta: number;
  #best: number;

  constructor(metric: Metric, minDelta: number) {
    this.#rises = /accuracy/i.test(metric);
    this.#minDelta = minDelta;
    this.#best = this.#rises ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Whether a value beats the best by more than minDelta; it is the best then. NaN never does. */
  improves(value: number): boolean {
    const isBetter = this.#rises
      ? value > this.#best + this.#minDelta
      : value < this.#best - this.#minDelta;
    if (isBetter) this.#best = value;
    return isBetter;
  }
}
