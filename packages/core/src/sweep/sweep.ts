// A sweep: one network in many settings, each of them a trial over seeds. A plain value with every
// default filled in; what it comes to is a function of it (trials.ts), so that every machine that
// has the sweep has the same trials without asking another.

import type { Metric, Spec } from "../spec/spec.ts";

export interface Sweep {
  readonly version: 1;
  readonly name: string;
  /** The network that is varied, with the seeds of every trial; it has no variants of its own. */
  readonly spec: Spec;
  /** "grid": every combination; "random": drawn. */
  readonly method: "grid" | "random";
  readonly metric: { readonly name: Metric; readonly goal: "minimize" | "maximize" };
  /** In the order of a grid: the last varies fastest. */
  readonly parameters: readonly SweepParameter[];
  /** Names of parameters that take their values together: first with first, second with second. */
  readonly zip: readonly (readonly string[])[];
  /** Of the draws. */
  readonly seed: number;
  /** Most trials; absent: as many as there are. */
  readonly runCap?: number;
  /** Absent: every network trains to its end. */
  readonly rungs?: Rungs;
  /** Most networks of a chunk, which trains as one population. */
  readonly chunk: number;
}

export interface SweepParameter {
  /** A path into the spec, such as train.learningRate, or a word of Keras, such as batch_size. */
  readonly name: string;
  readonly from: Choices | Range;
  /** The parameter is there only where each of these has one of the values. Absent: always. */
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
}

export interface Choices {
  readonly kind: "values";
  readonly values: readonly unknown[];
  /** Of a drawn value; absent: all the same. */
  readonly probabilities?: readonly number[];
}

/** What a number is drawn from; `q` is what it is rounded to a multiple of. */
export type Range = { readonly q?: number } & (
  | { readonly kind: "uniform" | "logUniform"; readonly min: number; readonly max: number }
  /** Whole numbers, both ends among them. */
  | { readonly kind: "intUniform"; readonly min: number; readonly max: number }
  | { readonly kind: "normal" | "logNormal"; readonly mu: number; readonly sigma: number }
);

/** The epochs after which only the best of a chunk's trials train on: one of `eta` of them. */
export type Rungs = { readonly eta: number } /** After minEpochs, eta times as many, ... */ & (
  | { readonly kind: "from"; readonly minEpochs: number }
  /** After maxEpochs / eta, maxEpochs / eta^2, ..., `brackets` of them. */
  | { readonly kind: "below"; readonly maxEpochs: number; readonly brackets: number }
  /** Below the network's epochs, as many as leave one trial. */
  | { readonly kind: "halving" }
);

/** One setting. Equal networks over equal seeds have equal ids, in whatever sweep they are. */
export interface DrawnTrial {
  /** From 0, in the order of the sweep. */
  readonly index: number;
  /** Content hash of (spec, params, seeds). */
  readonly id: string;
  /** Values by the names of their parameters; one that `when` leaves out is absent. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SweepTrial extends DrawnTrial {
  readonly spec: Spec;
}
