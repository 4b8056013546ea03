// What passes between an engine and whoever drives it through a port: plain values that structured
// clone carries. wire.ts makes text of them where a port carries only text.
//
//   client                                   server
//   open                     ->              makes the engine
//                            <-  result      its info
//   prepare                  ->
//                            <-  result      what will train the plan
//   train                    ->
//                            <-  event ...
//   taken                    ->              after each event, no answer of its own
//   cancel                   ->              at any time, no answer of its own
//                            <-  result or error
//   replay                   ->
//                            <-  result      the steps
//   benchmark                ->
//                            <-  event ...   the last one holds what was measured
//                            <-  result
//   dispose                  ->
//                            <-  result

import type { Plan } from "../../compile/plan.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import type { BenchmarkEvent, BenchmarkSettings } from "../benchmark.ts";
import type { Replay } from "../engine.ts";

/** One end of a channel that keeps messages whole and in order. */
export interface Port {
  post(message: unknown): void;
  onMessage(handler: (message: unknown) => void): void;
  /** The handler is called once, when the other end is gone. */
  onClose(handler: () => void): void;
}

export type Request =
  | { readonly kind: "open"; readonly id: number; readonly options: unknown }
  | { readonly kind: "prepare"; readonly id: number; readonly plan: Plan }
  | {
      readonly kind: "train";
      readonly id: number;
      readonly plan: Plan;
      readonly datasets: readonly SentDataset[];
    }
  /** An event of the training with this id was taken: there is room for another. */
  | { readonly kind: "taken"; readonly id: number }
  /** The id is that of the training. */
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "replay"; readonly id: number; readonly recording: Replay }
  | { readonly kind: "benchmark"; readonly id: number; readonly settings: BenchmarkSettings }
  | { readonly kind: "dispose"; readonly id: number };

/** The id is that of the request. */
export type Response =
  | { readonly kind: "event"; readonly id: number; readonly event: SentEvent }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: SentError };

/** What a training or a benchmark tells while it goes on. */
export type SentEvent = TraceEvent | BenchmarkEvent;

/** A dataset crosses a port once, when the first training needs it; later its key stands for it. */
export interface SentDataset {
  readonly key: string;
  readonly dataset?: Dataset;
}

export interface SentError {
  readonly name: string;
  readonly message: string;
  /** The stable code of our own errors. */
  readonly code: string | null;
  readonly stack: string | null;
}
