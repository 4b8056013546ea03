// Lower learning rates on a plateau, with the counters of Keras 3
// (keras/src/callbacks/reduce_lr_on_plateau.py).

import type { ReduceOnPlateau as Settings } from "../compile/plan.ts";
import { Monitor } from "./monitor.ts";

export class ReduceOnPlateau {
  /** What the plan's learning rate is multiplied by from now on. */
  factor = 1;

  readonly #settings: Settings;
  readonly #monitor: Monitor;
  #wait = 0;
  #cooldown = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#monitor = new Monitor(settings.monitor, settings.minDelta);
  }

  /**
   * To be called once after every epoch.
   * @param value The epoch's value of the monitored signal.
   * @param planned The plan's learning rate of the next step, before any factor.
   */
  see(value: number, planned: number): void {
    const { factor, patience, cooldown, minLearningRate } = this.#settings;
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(value)) {
      this.#wait = 0;
      return;
    }
    if (this.#cooldown > 0) return;
    this.#wait++;
    const rate = planned * this.factor;
    if (this.#wait < patience || rate <= minLearningRate) return;
    this.factor = Math.max(rate * factor, minLearningRate) / planned;
    this.#cooldown = cooldown;
    this.#wait = 0;
  }
}
