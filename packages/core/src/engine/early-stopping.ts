// Early stopping with the counters of Keras 3 (keras/src/callbacks/early_stopping.py). It decides;
// who trains keeps the weights.

import type { EarlyStopping as Settings } from "../compile/plan.ts";
import { Monitor } from "./monitor.ts";

export class EarlyStopping {
  /** Whether the epoch last seen is the best so far; without restoreBest nobody asks. */
  isBest = false;
  /** Whether the run ends with the epoch last seen. */
  stops = false;

  readonly #patience: number;
  readonly #monitor: Monitor;
  #epochs = 0;
  #wait = 0;

  constructor({ monitor, patience, minDelta }: Settings) {
    this.#patience = patience;
    this.#monitor = new Monitor(monitor, minDelta);
  }

  /** To be called once after every epoch, with the epoch's value of the monitored signal. */
  see(value: number): void {
    const isFirst = this.#epochs++ === 0;
    const improves = this.#monitor.improves(value);
    // The first epoch is the best there is, even if its value is not a number.
    this.isBest = improves || isFirst;
    this.#wait = improves ? 0 : this.#wait + 1;
    // Keras never stops after the first epoch.
    this.stops = !improves && this.#wait >= this.#patience && !isFirst;
  }
}
