// The report as data. Text, Markdown, JSON and HTML are renderings of it; nothing else is read.

import type { Finding } from "../lint/finding.ts";
import type { Metric } from "../spec/spec.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import type { Chance, TraceVariant } from "../trace/trace.ts";

export interface Report {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly engine: EngineInfo;
  readonly seeds: {
    readonly training: readonly number[];
    /** Offsets of the data seed; [0] alone: the data as written. */
    readonly data: readonly number[];
  };
  readonly variants: Readonly<Record<string, VariantReport>>;
  readonly claims: readonly ClaimReport[];
  readonly findings: readonly Finding[];
  readonly proofs: readonly Proof[];
}

/** One variant over all runs on the data as written (data seed 0). */
export interface VariantReport extends TraceVariant {
  readonly final: Readonly<Record<Metric, Summary>>;
  /** The best constant predictor on the data as written. */
  readonly chance: Chance;
  readonly converged: Rate;
  readonly diverged: Rate;
  /** Per metric: the median run and the band over seeds, one value per epoch. */
  readonly curves: Readonly<Partial<Record<Metric, CurveBand>>>;
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

export type Verdict = "supported" | "contradicted" | "undecided";

/** A claim and how it fared. The headline numbers are those of its weakest part. */
export interface ClaimReport {
  readonly text: string;
  readonly verdict: Verdict;
  /** In the unit of the metric, or a share of runs; null when nothing could be compared. */
  readonly effect: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly n: number;
  /** One sentence that a reader can quote. */
  readonly says: string;
  readonly parts: readonly ClaimPart[];
}

/** One comparison behind a claim, over one kind of seed. */
export interface ClaimPart {
  /** "balanced valLoss lower than shallow" */
  readonly says: string;
  /** What varied: training seeds on the data as written, or data seeds. */
  readonly over: "training seeds" | "data seeds";
  readonly verdict: Verdict;
  readonly effect: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly n: number;
  /** The name of the test. */
  readonly test: string;
  /** Why this test, one sentence. */
  readonly why: string;
}

/** An intervention trained against the unchanged network on the same seeds. */
export interface Proof {
  readonly finding: string;
  readonly intervention: string;
  readonly patch: unknown;
  readonly baseline: Summary;
  readonly treated: Summary;
  readonly effect: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly verdict: "fixes" | "helps" | "no-effect" | "harms" | "undecided";
}
