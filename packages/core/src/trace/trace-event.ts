// What an engine tells while it trains. Events of one run come in order; events of different runs
// may interleave. Diverged is a result here, never an error.

import type { ConfusionSignal, EpochProbe, LayerSignal } from "../spec/probe-names.ts";
import type { Metric } from "../spec/spec.ts";

export type TraceEvent =
  | EpochsEvent
  | ProbesEvent
  | ConfusionEvent
  | WeightsEvent
  | FinishedEvent
  | ProgressEvent
  | DispatchEvent;

/** Signals that are measured once per epoch: the metrics always, others when asked for. */
export type EpochSignal = Metric | EpochProbe;

/** The values of a few consecutive epochs of one run. */
export interface EpochsEvent {
  readonly kind: "epochs";
  readonly run: number;
  readonly firstEpoch: number;
  /** Columns of equal length. `valLoss` and `valAccuracy` are absent without a test part. */
  readonly signals: Readonly<Partial<Record<EpochSignal, Float32Array>>>;
}

/** Signals of one dense layer. One that is not measured, or has no meaning there, is absent. */
export type LayerColumns = Readonly<Partial<Record<LayerSignal, Float32Array>>>;

/** The values of a few consecutive probed steps of one run. */
export interface ProbesEvent {
  readonly kind: "probes";
  readonly run: number;
  /** The first values are those of step `firstProbe * everySteps`. */
  readonly firstProbe: number;
  /** One per dense layer; all columns are of one length. */
  readonly layers: readonly LayerColumns[];
}

/** How often each class was taken for which, in one epoch. */
export interface Confusion {
  /** Of the training part as it was met, before each update; or of the test part. */
  readonly signal: ConfusionSignal;
  /** From 0. */
  readonly epoch: number;
  readonly classes: number;
  /** (classes, classes), row-major: true class, predicted class. */
  readonly counts: Uint32Array;
}

export interface ConfusionEvent {
  readonly kind: "confusion";
  readonly run: number;
  readonly confusion: Confusion;
}

/** What a network ends with, where the plan asks for it; in front of its "finished". */
export interface WeightsEvent {
  readonly kind: "weights";
  readonly run: number;
  /** In the order of the network's layout. */
  readonly parameters: Float32Array;
}

export interface FinishedEvent {
  readonly kind: "finished";
  readonly run: number;
  /** Diverged: the loss of a batch was not finite; the network was frozen there. */
  readonly status: "complete" | "diverged";
  /** Optimizer steps taken. */
  readonly steps: number;
  /** Null: every number was finite. Absent: not measured. */
  readonly firstNonFinite?: NonFinite | null;
}

/** Where a number arose that is not finite. */
export interface NonFinite {
  /** Optimizer step, from 0. */
  readonly step: number;
  readonly tensor: "inputs" | "activations" | "loss" | "gradients" | "parameters";
  /** Of activations, gradients and parameters: the dense layer, from 0. */
  readonly layer?: number;
}

export interface ProgressEvent {
  readonly kind: "progress";
  readonly stepsDone: number;
  readonly stepsTotal: number;
}

/** What a device was given to do at once; told where the engine was opened to tell it. */
export interface DispatchEvent {
  readonly kind: "dispatch";
  /** The network, and how it is laid on the adapter. */
  readonly kernel: string;
  readonly networks: number;
  /** That each network went on by, or fewer where it came to its end. */
  readonly batches: number;
  readonly launches: readonly Launched[];
  /** From the moment in which the device was free for it until it was done. */
  readonly ms: number;
}

export interface Launched {
  readonly entryPoint: string;
  /** For each network. */
  readonly workgroups: number;
  readonly times: number;
}
