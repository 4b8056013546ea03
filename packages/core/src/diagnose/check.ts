// What a check of a trained network is: a pure function of one variant's recorded runs. It reads
// signals, never tensors, and says what it sees; why it is so is for `causes` to weigh.

import type { DenseBlock } from "../lint/blocks.ts";
import type { Observation } from "../lint/lint-check.ts";
import type { Probe } from "../spec/probe-names.ts";
import type { Variant } from "../spec/spec.ts";
import type { TraceRun, TraceVariant } from "../trace/trace.ts";

/** One variant over its seeds, on the data as written. */
export interface Subject {
  readonly variant: Variant;
  readonly trained: TraceVariant;
  /** Finished runs, one per training seed; at least one. */
  readonly runs: readonly TraceRun[];
  /** The dense layers in the order in which layer signals count them; the last is the head. */
  readonly blocks: readonly DenseBlock[];
}

export interface Check {
  /** Also the name of its file, its test and its page in docs/checks. */
  readonly id: string;
  /** What it looks for, in one line, for a list of checks. */
  readonly title: string;
  /** Probes without which it cannot judge; loss and accuracy are always there. */
  readonly reads: readonly Probe[];
  /** What it found; nothing when all is well. */
  examine(subject: Subject): Observation[];
}
