// What every engine offers. An engine trains a plan and says nothing about quality; it holds the
// device, if there is one, and is the only thing in the pipeline that does.

import type { Hyper, Network, Plan } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import type { BenchmarkEvent, BenchmarkSettings } from "./benchmark.ts";

/** The part of an AbortSignal that an engine reads. */
export interface CancelSignal {
  readonly aborted: boolean;
}

export interface TrainOptions {
  /** Aborting stops between two reports; runs in flight give no "finished" event. */
  readonly signal?: CancelSignal | undefined;
}

export interface Engine {
  readonly info: EngineInfo;
  /**
   * Makes ready what the training of the plan needs before any data, such as shaders. Gives what will
   * train it, which is not what `info` says where something better was refused; the reason tells.
   * Absent where there is nothing to make ready.
   */
  prepare?(plan: Plan): Promise<EngineInfo>;
  /** Trains the runs that the plan's buckets list; `datasets[i]` belongs to `plan.datasets[i]`. */
  train(
    plan: Plan,
    datasets: readonly Dataset[],
    options?: TrainOptions,
  ): AsyncIterable<TraceEvent>;
  /** Repeats training steps from given parameters on one fixed batch, and shows what happened. */
  replay(recording: Replay): Promise<ReplayStep[]>;
  /** Measures its own kernels; absent where there is nothing of the kind. */
  benchmark?(settings: BenchmarkSettings): AsyncIterable<BenchmarkEvent>;
  dispose(): Promise<void>;
}

/** The input of a replay: one network, its parameters, one batch. */
export interface Replay {
  readonly network: Network;
  readonly hyper: Hyper;
  /** Of what operations draw in training; absent: 0. */
  readonly trainingSeed?: number;
  readonly batch: number;
  /** (batch, inputs), row-major. */
  readonly x: Float32Array | Float64Array;
  /** (batch): class indices, or the values of a regression target. */
  readonly y: Float32Array | Float64Array;
  /** (batch): what the loss of each row is multiplied by, where `network.sampleWeight` says so. */
  readonly sampleWeight?: Float32Array | Float64Array;
  /** Flat, in the order of `network.layout`. */
  readonly parameters: Float32Array | Float64Array;
  readonly steps: number;
}

/** What one training step computed. */
export interface ReplayStep {
  /** Mean loss over the batch, without penalties. */
  readonly dataLoss: number;
  readonly regularizationLoss: number;
  /** (batch, outputs), row-major: pre-activations of the last layer. */
  readonly logits: Float32Array | Float64Array;
  /** Flat, penalties included, before clipping and decay; 0 for moving statistics. */
  readonly gradients: Float32Array | Float64Array;
  /** Flat, after the update. */
  readonly parametersAfter: Float32Array | Float64Array;
}
