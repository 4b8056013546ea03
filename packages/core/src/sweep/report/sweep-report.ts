// What one or several sweeps came to, as a value: counts, the best trials, what each parameter did.
// Text, Markdown and HTML are renderings of it, and as JSON it is what --export-json writes.

import type { Interval } from "../../shared/statistics.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialCurve } from "../trial-curve.ts";
import type { TrialState } from "../trial-record.ts";

export interface SweepReport {
  readonly version: 1;
  /** The same of all. */
  readonly metric: Sweep["metric"];
  readonly sweeps: readonly SweptReport[];
}

export interface SweptReport {
  /** Unlike the names of the others of the report. */
  readonly name: string;
  /** Its content hash. */
  readonly sweep: string;
  /** Content hash of its rows, their split and preparation. */
  readonly data: string;
  /** Where its trials were read. */
  readonly folders: readonly string[];
  /** "cpu, none": what trained them. */
  readonly engines: readonly string[];
  /** Networks of a trial. */
  readonly networks: number;
  readonly trials: TrialCounts;
  /** The best first: those that trained to their end before those that were cut. */
  readonly best: readonly BestTrial[];
  readonly parameters: readonly ParameterReport[];
  /** How many trials `parameters` rests on: all of them up to 100,000, else a sample of that size. */
  readonly sampled: number;
  /** Some of the trials, for a plot, by their index. */
  readonly shown: readonly ShownTrial[];
}

export type TrialCounts = Readonly<Record<TrialState, number>> & {
  /** Of the whole sweep. */
  readonly total: number;
  readonly finished: number;
  /** A network of theirs has no finite value; they rank last. */
  readonly withoutValue: number;
};

export interface BestTrial extends ShownTrial {
  readonly id: string;
  readonly state: TrialState;
  readonly epochs: number;
  /** 95% interval of the mean over its networks, or over folds; null with one of them. */
  readonly ci95: Interval | null;
  /** Of so many networks, or folds. */
  readonly n: number;
  /**
   * Its value minus the first one's, seed by seed; null for the first, with one network, and for
   * values of another number of epochs.
   */
  readonly behind: { readonly mean: number; readonly ci95: Interval } | null;
  /** How it learned; null where its folder has kept no curve. */
  readonly curve: Pick<TrialCurve, "epochs" | "medians"> | null;
}

export interface ShownTrial {
  readonly index: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly value: number | null;
}

export interface ParameterReport {
  readonly name: string;
  /** Null where it cannot be told: one value only, or no value twice. */
  readonly importance: Importance | null;
  /** Trials that have it; fewer than all where it has a condition. */
  readonly n: number;
  /** Values that are no numbers, in the order of the sweep; numbers ascending. */
  readonly levels: readonly Level[];
}

export interface Importance {
  /** Of the variance of the trials' places, from 0 to 1; see importance.ts. */
  readonly share: number;
  /** How likely a share like this is for a parameter that does nothing. */
  readonly chance: number;
}

/** Trials with one value of a parameter, or with values between two numbers. */
export interface Level {
  readonly label: string;
  /** The numbers it reaches over; absent where the values are none. */
  readonly range?: Interval;
  readonly trials: number;
  readonly withoutValue: number;
  /** Of those that have a value; null where none has. */
  readonly median: number | null;
  /** 10th and 90th percentile. */
  readonly spread: Interval | null;
  /** The best of them. */
  readonly best: number | null;
  /** Median place among all trials: 0 the best, 1 the worst. */
  readonly place: number;
}
