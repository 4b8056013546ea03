// What comes of a claim: a verdict, the numbers behind it, and a sentence to quote.

export type Verdict = "supported" | "contradicted" | "undecided";

/** Training seeds: on the data as written. Data seeds: each with data of its own. */
/** Folds are the data seeds of a cross-validation. */
export type SeedAxis = "training seeds" | "data seeds" | "folds";

/**
 * A 95% interval. An end is null where it is infinite: the interval reaches a pair in which one
 * network diverged and the other did not.
 */
export type ReportedInterval = readonly [low: number | null, high: number | null];

/** A claim and how it fared. The headline numbers are those of its weakest part. */
export interface ClaimReport {
  readonly text: string;
  readonly verdict: Verdict;
  /** In the unit of the metric, or a share of runs; null when there is no finite one. */
  readonly effect: number | null;
  readonly ci95: ReportedInterval | null;
  readonly n: number;
  /** One sentence that a reader can quote. */
  readonly says: string;
  readonly parts: readonly ClaimPart[];
}

/** One comparison behind a claim, over one kind of seed. */
export interface ClaimPart {
  /** "balanced valLoss lower than shallow" */
  readonly says: string;
  /** What varied. */
  readonly over: SeedAxis;
  readonly verdict: Verdict;
  readonly effect: number | null;
  readonly ci95: ReportedInterval | null;
  readonly n: number;
  /** The name of the test. */
  readonly test: string;
  /** Why this test, or why there is no verdict; one sentence. */
  readonly why: string;
}
