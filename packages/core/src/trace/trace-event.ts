// What an engine tells while it trains. Events of one run come in order; events of different runs
// may interleave. Diverged is a result here, never an error.

export type TraceEvent = EpochsEvent | FinishedEvent | ProgressEvent;

/** Signals that are measured once per epoch. */
export type EpochSignal = "loss" | "accuracy" | "valLoss" | "valAccuracy";

/** The values of a few consecutive epochs of one run. */
export interface EpochsEvent {
  readonly kind: "epochs";
  readonly run: number;
  readonly firstEpoch: number;
  /** Columns of equal length. `valLoss` and `valAccuracy` are absent without a test part. */
  readonly signals: Readonly<Partial<Record<EpochSignal, Float32Array>>>;
}

export interface FinishedEvent {
  readonly kind: "finished";
  readonly run: number;
  /** Diverged: the loss of a batch was not finite; the network was frozen there. */
  readonly status: "complete" | "diverged";
  /** Optimizer steps taken. */
  readonly steps: number;
}

export interface ProgressEvent {
  readonly kind: "progress";
  readonly stepsDone: number;
  readonly stepsTotal: number;
}
