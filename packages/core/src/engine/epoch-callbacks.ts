// What happens between two epochs, in Keras's order of callbacks: the learning rate, then stopping.
// One whose signal is not measured does nothing.

import type { Hyper } from "../compile/plan.ts";
import type { EpochSignal } from "../trace/trace-event.ts";
import { EarlyStopping } from "./early-stopping.ts";
import { ReduceOnPlateau } from "./reduce-on-plateau.ts";

/** The learning rate of a network in training. */
interface LearningRate {
  readonly plannedLearningRate: number;
  rateFactor: number;
}

export class EpochCallbacks {
  readonly #hyper: Hyper;
  /** Null where the plan asks for none. */
  readonly #plateau: ReduceOnPlateau | null;
  readonly #stopping: EarlyStopping | null;

  constructor(hyper: Hyper) {
    const { earlyStopping, reduceOnPlateau } = hyper;
    this.#hyper = hyper;
    this.#plateau = reduceOnPlateau ? new ReduceOnPlateau(reduceOnPlateau) : null;
    this.#stopping = earlyStopping ? new EarlyStopping(earlyStopping) : null;
  }

  /** Whether anything may happen that reads an epoch's signals. */
  get areThere(): boolean {
    return this.#plateau !== null || this.#stopping !== null;
  }

  /** Whether the run ends with the epoch last seen. */
  get stops(): boolean {
    return this.#stopping?.stops ?? false;
  }

  /** Whether the parameters as they stand are those to restore when the run ends. */
  get isBest(): boolean {
    return this.#hyper.earlyStopping?.restoreBest === true && this.#stopping!.isBest;
  }

  endEpoch(
    signals: Readonly<Partial<Record<EpochSignal, Float32Array>>>,
    epoch: number,
    network: LearningRate,
  ): void {
    const monitored = (callback: "earlyStopping" | "reduceOnPlateau") => {
      const monitor = this.#hyper[callback]?.monitor;
      return monitor && signals[monitor]?.[epoch];
    };
    const forPlateau = monitored("reduceOnPlateau");
    if (this.#plateau !== null && forPlateau !== undefined) {
      this.#plateau.see(forPlateau, network.plannedLearningRate);
      network.rateFactor = this.#plateau.factor;
    }
    const forStopping = monitored("earlyStopping");
    if (this.#stopping !== null && forStopping !== undefined) this.#stopping.see(forStopping);
  }
}
