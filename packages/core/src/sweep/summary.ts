// What the trials of a sweep come to so far: how many ended how, and the best. It sees each record
// once and keeps a few, so that a sweep of any length can be told of.

import { sampleSd } from "../shared/statistics.ts";
import type { Sweep } from "./sweep.ts";
import {
  compareOutcomes,
  TRIAL_STATES,
  type TrialRecord,
  type TrialState,
} from "./trial-record.ts";

export class SweepSummary {
  readonly states: Record<TrialState, number> = { complete: 0, pruned: 0, diverged: 0, stuck: 0 };
  finished = 0;
  readonly #sweep: Pick<Sweep, "metric">;
  readonly #most: number;
  /** The best first. */
  readonly #best: TrialRecord[] = [];

  constructor(sweep: Pick<Sweep, "metric">, most = 10) {
    this.#sweep = sweep;
    this.#most = most;
  }

  add(record: TrialRecord): void {
    this.finished++;
    this.states[record.state]++;
    const last = this.#best.at(-1);
    const isFull = this.#best.length === this.#most;
    if (isFull && last && compareOutcomes(this.#sweep, record, last) > 0) return;
    const behind = this.#best.findIndex((other) => compareOutcomes(this.#sweep, record, other) < 0);
    this.#best.splice(behind === -1 ? this.#best.length : behind, 0, record);
    if (isFull) this.#best.pop();
  }

  get best(): readonly TrialRecord[] {
    return this.#best;
  }

  get statesText(): string {
    return statesText(this.states);
  }
}

/** "300 complete, 20 pruned"; states without trials are left out. */
export function statesText(states: Readonly<Record<TrialState, number>>): string {
  return TRIAL_STATES.filter((state) => states[state] > 0)
    .map((state) => `${states[state].toLocaleString("en")} ${state}`)
    .join(", ");
}

/** Standard deviation of the sweep's metric over a trial's networks; absent with one of them. */
export function spreadOf(
  { metric }: Pick<Sweep, "metric">,
  { runs, value }: TrialRecord,
): number | undefined {
  if (value === null || runs.length < 2) return undefined;
  return sampleSd(runs.map(({ final }) => final[metric.name] as number));
}
