// Trials of a sweep that are held at once: all of them, or of a very large sweep a sample that does
// not depend on the order in which they come.

import { Stream, uniformAt } from "../../shared/random.ts";
import type { TrialRecord } from "../trial-record.ts";

export type SampledTrial = Pick<TrialRecord, "index" | "params" | "value" | "state" | "epochs">;

/** A hundred thousand take some tens of megabytes; shares and quantiles of as many are exact to 0.5%. */
export const MOST_SAMPLED = 100_000;

export class TrialSample {
  readonly #chance: number;
  readonly #trials: SampledTrial[] = [];

  /**
   * @param total Trials of the sweep.
   * @param most How many of them are held, about: a trial is drawn by its index, or it is not.
   */
  constructor(total: number, most = MOST_SAMPLED) {
    this.#chance = total <= most ? 1 : most / total;
  }

  add({ index, params, value, state, epochs }: TrialRecord): void {
    if (this.#chance < 1 && uniformAt(0, Stream.bootstrap, index) >= this.#chance) return;
    this.#trials.push({ index, params, value, state, epochs });
  }

  /** By their index, whatever order they came in. */
  get trials(): readonly SampledTrial[] {
    return this.#trials.toSorted((a, b) => a.index - b.index);
  }
}
