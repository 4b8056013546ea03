// A proof: one change, trained against the unchanged network on the same seeds and batches.

import type { CauseId } from "../causes/cause.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";

export const VERDICTS = ["fixes", "helps", "no-effect", "harms", "undecided"] as const;

/**
 * fixes: better, and as good as anything that was found. helps: better, and something else is better
 * still. no-effect: the interval lies within what counts as equal. harms: worse. undecided: neither.
 */
export type ProofVerdict = (typeof VERDICTS)[number];

/** What an arm reached over its seeds. */
export interface ArmSummary {
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Runs that ended no better than the best constant predictor. */
  readonly failed: { readonly k: number; readonly n: number };
}

export interface Proof {
  /** The cause that the change would undo. */
  readonly cause: CauseId;
  /** The id of a finding that speaks for it; the cause's id where none does. */
  readonly finding: string;
  /** "standardize", or several with " + " between them. */
  readonly intervention: string;
  readonly says: string;
  readonly patch: SpecPatch;
  /** "accuracy" on which rows: held-out folds of the training part, or the untouched test part. */
  readonly on: JudgedOn;
  readonly metric: ProofMetric;
  readonly n: number;
  readonly baseline: ArmSummary;
  readonly treated: ArmSummary;
  /** Mean paired difference, treated minus baseline. */
  readonly effect: number | null;
  readonly ci95: readonly [number, number] | null;
  /** Two-sided, paired, corrected for all changes that were tried (Holm); null for n < 2. */
  readonly p: number | null;
  readonly verdict: ProofVerdict;
}

/** validation: held-out folds of the training part. */
export type JudgedOn = "validation" | "test" | "training";

export type ProofMetric = "accuracy" | "balancedAccuracy" | "loss";
