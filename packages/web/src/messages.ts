// What passes between a page and the worker that trains for it: plain values that structured clone
// carries. One worker serves every element of a page; each element is a session in it.

import type {
  EngineInfo,
  Finding,
  Inspection,
  Metric,
  Report,
  TraceVariant,
} from "@convergence-lab/core";

export type EngineChoice = "auto" | "webgpu" | "tfjs" | "cpu";

/** Where a session's experiment comes from: a preset, a spec, or a spec on the rows of a preset. */
export interface Source {
  readonly preset?: string | undefined;
  /** Absent: the preset's own. */
  readonly spec?: unknown;
}

/** What a page asks of a session, each with what it gives. */
export interface Calls {
  open(source: Source): Opened;
  train(engine: EngineChoice): Trained;
  /** @param variant Absent: the first. */
  diagnose(engine: EngineChoice, variant?: string): Diagnosed;
  /** What a table holds, so that a person can choose the target. */
  inspect(file: Blob, name: string): Inspection;
  /** A beginner's network on the rows of a table, or the network that was read before. */
  table(file: Blob, name: string, target: string): ReadSource;
  model(file: Blob, name: string): ReadSource;
  text(kind: DownloadKind): Download;
}

export type CallName = keyof Calls;

/** Sent at any time, without an answer. */
export type Control = "pause" | "resume" | "stop" | "close";

export type Request =
  | {
      readonly kind: "call";
      readonly session: number;
      readonly id: number;
      readonly name: CallName;
      readonly args: readonly unknown[];
    }
  | { readonly kind: "control"; readonly session: number; readonly control: Control };

export type Response =
  /** The first message of a worker: that it lives. */
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: SentError }
  | { readonly kind: "tell"; readonly session: number; readonly event: Told };

/** What a session tells while a call goes on. */
export type Told =
  | { readonly kind: "engine"; readonly info: EngineInfo }
  | {
      readonly kind: "progress";
      readonly stepsDone: number;
      readonly stepsTotal: number;
      readonly runsDone: number;
      readonly runsTotal: number;
    }
  | { readonly kind: "curves"; readonly curves: readonly VariantCurves[] }
  | { readonly kind: "findings"; readonly findings: readonly Finding[] }
  | { readonly kind: "stage"; readonly says: string };

export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  /** Of a spec: everything that is wrong with it. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  /** "model.layers[2].units" */
  readonly path: string;
  readonly message: string;
}

/** An experiment before anything is trained. */
export interface Opened {
  /** As written. */
  readonly spec: unknown;
  readonly title: string;
  readonly variants: readonly OpenedVariant[];
  readonly runs: number;
  readonly seeds: number;
  readonly findings: readonly Finding[];
  /** Why it cannot be trained as it is written; the doctor may still know what to change. */
  readonly untrainable: readonly Problem[];
}

export interface OpenedVariant extends TraceVariant {
  /** What the best constant predictor reaches. */
  readonly chance: Partial<Record<Metric, number>>;
}

export interface Trained {
  /** Stopped before every run had finished: the report is over those that had. */
  readonly stopped: boolean;
  readonly report: Report;
  readonly shown: ShownReport;
  readonly surfaces: readonly Surface[];
}

export interface Diagnosed {
  readonly report: Report;
  readonly shown: ShownReport;
}

/** Sections of a report as HTML, every text escaped. */
export interface ShownReport {
  /** What stands above the plots: verdicts, or the answer of a diagnosis. Empty: there is none. */
  readonly answer: string;
  /** What stands below them: what the answer rests on. */
  readonly evidence: string;
}

export interface ReadSource {
  /** To be opened next. */
  readonly spec: unknown;
  /** How the file was read, a sentence each. */
  readonly notes: readonly string[];
}

export type DownloadKind = "html" | "json" | "csv" | "keras";

export interface Download {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Of one variant over its runs on the data as written. */
export interface VariantCurves {
  readonly name: string;
  readonly runs: number;
  readonly metrics: Partial<Record<Metric, Band>>;
  /** One per dense layer; null where it is not measured. */
  readonly gradientNorm: readonly (Band | null)[];
  readonly deadShare: readonly (Band | null)[];
  /** Optimizer steps between two values of a layer. */
  readonly everySteps: number;
}

/** Median, 10th and 90th percentile over runs; NaN where no run has a finite value. */
export interface Band {
  readonly median: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** What one network answers over the plane of its two features. */
export interface Surface {
  readonly variant: string;
  readonly columns: readonly [string, string];
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
  /** Cells along each side. */
  readonly size: number;
  /** (size, size), rows from the least y: the class of each cell, and how sure the network is. */
  readonly classOf: Uint8Array;
  readonly sureness: Float32Array;
  readonly classes: readonly string[];
  /** x, y and class index of each training row. */
  readonly points: Float32Array;
  /** Share of the training rows that it is right in. */
  readonly accuracy: number;
}
