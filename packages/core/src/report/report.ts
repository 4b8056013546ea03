// The report as data. Text, Markdown, JSON and HTML are renderings of it; nothing else is read.

import type { ClaimReport, ReportedInterval, SeedAxis } from "../claims/claim-report.ts";
import type { Finding } from "../lint/finding.ts";
import type { Proof } from "../prove/proof.ts";
import type { ConfusionSignal, Probe } from "../spec/probe-names.ts";
import type { Metric } from "../spec/spec.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import type { Chance, TraceVariant } from "../trace/trace.ts";
import type { DiagnosisReport } from "./diagnosis-report.ts";

export type * from "../causes/cause.ts";
export type * from "../claims/claim-report.ts";
export type * from "../prove/proof.ts";
export type * from "./diagnosis-report.ts";

export interface Report {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly engine: EngineInfo;
  readonly seeds: {
    readonly training: readonly number[];
    /** Offsets of the data seed; [0] alone: the data as written. */
    readonly data: readonly number[];
    /** Of a cross-validation, whose folds the data seeds count; absent: there is none. */
    readonly folds?: Folds;
  };
  /** Fewer finished than planned: the training was interrupted. */
  readonly runs: { readonly planned: number; readonly finished: number };
  readonly variants: Readonly<Record<string, VariantReport>>;
  readonly claims: readonly ClaimReport[];
  readonly findings: readonly Finding[];
  readonly proofs: readonly Proof[];
  /** What was to be measured beside the metrics, and what of it no run has (docs/probes.md). */
  readonly probes: { readonly asked: readonly Probe[]; readonly notMeasured: readonly Probe[] };
  /** Of `clab diagnose`; absent: nothing was diagnosed. */
  readonly diagnosis?: DiagnosisReport;
}

export interface Folds {
  readonly folds: number;
  readonly repeats: number;
}

/**
 * One variant over all runs on the data as written (data seed 0); of a cross-validation over all
 * folds.
 */
export interface VariantReport extends TraceVariant {
  /** The variant's data and training after all defaults, as one line each. */
  readonly settings: { readonly data: string; readonly training: string };
  /** Absent: no cross-validation. */
  readonly folds?: Folds;
  /** Values after the last epoch; of a cross-validation n counts folds. */
  readonly final: Readonly<Record<Metric, Summary>>;
  /** The best constant predictor on the data as written; null while no run has finished. */
  readonly chance: Chance | null;
  /** Final value minus that of the best constant predictor on the same data, where measured. */
  readonly againstChance: Readonly<Partial<Record<Metric, MedianDifference>>>;
  readonly converged: Rate;
  readonly diverged: Rate;
  /** Per metric: the median run and the band over seeds, one value per epoch. */
  readonly curves: Readonly<Partial<Record<Metric, CurveBand>>>;
  /** Where gradient norms were measured: of each dense layer, one value per probed step. */
  readonly gradients?: { readonly everySteps: number; readonly layers: readonly CurveBand[] };
  /** Where they were counted: of the last counted epoch, summed over runs; true class, predicted. */
  readonly confusion?: Readonly<Partial<Record<ConfusionSignal, readonly (readonly number[])[]>>>;
}

/**
 * A metric over runs. Runs whose value is not finite are counted in `nonFinite` and left out of
 * the rest; with no finite value (or no validation part) the numbers are null.
 */
export interface Summary {
  readonly n: number;
  readonly nonFinite: number;
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null for n < 2. */
  readonly sd: number | null;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** 95% interval of the mean, Student t; null for n < 2. */
  readonly ci95: readonly [number, number] | null;
}

/** The median of paired differences with its exact 95% interval; null for n < 6. */
export interface MedianDifference {
  readonly effect: number | null;
  readonly ci95: ReportedInterval | null;
  readonly n: number;
  /** Data seeds where there are enough of them, else training seeds. */
  readonly over: SeedAxis;
}

/** k of n runs, with the Wilson 95% interval. */
export interface Rate {
  readonly k: number;
  readonly n: number;
  readonly ci95: readonly [number, number];
}

/** Values are null in epochs where no run is finite. */
export interface CurveBand {
  readonly median: readonly (number | null)[];
  /** 10th percentile over runs. */
  readonly low: readonly (number | null)[];
  /** 90th percentile over runs. */
  readonly high: readonly (number | null)[];
}
