// What an engine tells when it measures its own kernels. Measured quantities only: rates and shares
// follow from them (bench/rates.ts), and nothing here knows a clock or a device.

import type { EngineInfo } from "../trace/engine-info.ts";

export interface BenchmarkSettings {
  /** Fewer sizes and rounds: at most 90 s on a software adapter. */
  readonly quick: boolean;
  /** Only operations whose `operationLabel` contains this; null: all. */
  readonly only: string | null;
}

export type BenchmarkKind =
  /** preActivation = input * kernel + bias of one dense layer, activated. */
  | "gemm-forward"
  /** dInput = dPreActivation * kernel', times the slope of the layer before. */
  | "gemm-dx"
  /** dKernel = input' * dPreActivation, and dBias. */
  | "gemm-dw"
  /** A training step, each of its phases launched over many workgroups per network. */
  | "fused-step"
  /** A training step inside a launch that does many, one workgroup per network. */
  | "persistent-step"
  /** A training step of an engine that has no launches. */
  | "cpu-step";

/** What is measured. One operation is one launch of a product, or one step of all networks. */
export interface BenchmarkOperation {
  readonly kind: BenchmarkKind;
  /** Inputs and units of each layer: "512-512", "20-64-32-1". */
  readonly shape: string;
  readonly networks: number;
  /** Rows of a batch, for each network. */
  readonly batch: number;
}

/** What an operation has to do, counted (bench/counts.ts), not measured. */
export interface OperationCounts {
  /** Multiplications and additions of the matrix products. */
  readonly flops: number;
  /** What must be read or written at least once. */
  readonly bytes: number;
  /** Steps of single networks; 0 for a product. */
  readonly modelSteps: number;
}

/** "gemm-dx 512-512 x64": the text that a filter looks into. */
export function operationLabel({ kind, shape, networks }: BenchmarkOperation): string {
  return `${kind} ${shape} x${networks}`;
}

export type BenchmarkRow = BenchmarkOperation & OperationCounts & (MeasuredRow | UnmeasuredRow);

export interface MeasuredRow {
  readonly status: "measured";
  /** How the kernel is laid on the device: "tier L, 64 invocations, tiles of 8 x 8". */
  readonly tier: string;
  /** Workgroups of the largest launch; null where nothing is launched. */
  readonly workgroups: number | null;
  /** Launches of one operation; below 1 where one launch does several. Null as above. */
  readonly launches: number | null;
  /** Of one operation: the median of all rounds, the fastest and the slowest. */
  readonly seconds: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Operations in one timed block. */
  readonly repetitions: number;
  /** How far the kernel's numbers are from the reference's, in words. */
  readonly says: string;
}

export interface UnmeasuredRow {
  /** "wrong": its numbers are not the reference's, so it has no time. */
  readonly status: "skipped" | "wrong";
  /** Why, one sentence. */
  readonly says: string;
}

/** What the device can do at best, measured by a kernel that does nothing else. */
export type Ceiling =
  | {
      readonly status: "measured";
      /** Operations or bytes per second: the median of all rounds of the best kernel. */
      readonly perSecond: number;
      /** Which kernel reached it: "8 chains of vec4 fma, workgroups of 64". */
      readonly kernel: string;
    }
  | UnmeasuredRow;

/** A device as its engine describes it: names, driver, features, limits. */
export type DeviceReport = Readonly<
  Record<
    string,
    string | number | boolean | null | readonly string[] | Readonly<Record<string, number>>
  >
>;

export interface Measurement {
  readonly engine: EngineInfo;
  /** Null for an engine without a device. */
  readonly device: DeviceReport | null;
  /** Rounds in which the kernels take turns. */
  readonly rounds: number;
  /** Of all random numbers. */
  readonly seed: number;
  /** Null where the engine has no way to measure it. */
  readonly peak: Ceiling | null;
  readonly bandwidth: Ceiling | null;
  readonly rows: readonly BenchmarkRow[];
}

export type BenchmarkEvent =
  /** What is being measured, and which of how many. */
  | {
      readonly kind: "measuring";
      readonly what: string;
      readonly done: number;
      readonly of: number;
    }
  /** The last event. */
  | { readonly kind: "measurement"; readonly measurement: Measurement };
