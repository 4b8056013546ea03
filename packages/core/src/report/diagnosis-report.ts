// What a diagnosis adds to a report. The variants of that report are `baseline` and, where something
// helps, `prescribed`, both trained on the whole training part and judged on the test part.

import type { SuspectedCause } from "../causes/cause.ts";
import type { NotMeasured } from "../diagnose/diagnose.ts";
import type { LearnabilityReport } from "../learnability/learnability-report.ts";
import type { Proof } from "../prove/proof.ts";
import type { RateRange } from "../prove/rate-range.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { SpecInput } from "../spec/spec.ts";

export type { LearnabilityReport };

/**
 * healthy: nothing is wrong and nothing that was tried is better. fixed: a change is proved to fix it.
 * helped: a change is proved to help, and does not suffice. no-signal: the features do not tell the
 * labels, so that no network and no training can. unfixable: causes are named, and no change that a
 * spec can make is proved to help. unexplained: it does badly, and nothing says why.
 */
export type Outcome = "healthy" | "fixed" | "helped" | "no-signal" | "unfixable" | "unexplained";

export interface DiagnosisReport {
  readonly outcome: Outcome;
  /** The answer in one paragraph. */
  readonly answer: string;
  /** Ranked: the first is the one to mend. */
  readonly causes: readonly NamedCause[];
  /** What was suspected and is not named, with the reason. */
  readonly dismissed: readonly DismissedCause[];
  readonly learnability: LearnabilityReport;
  /** What each learning rate comes to in a few hundred steps; null where that was not tried. */
  readonly rateRange: (RateRange & { readonly trainedAt: number | null }) | null;
  /** Null where nothing is proved to help. */
  readonly prescription: Prescription | null;
  readonly notMeasured: readonly NotMeasured[];
  readonly unclear: readonly { readonly check: string; readonly says: string }[];
  /** Optimizer steps of single networks, all arms together. */
  readonly modelSteps: number;
}

export interface NamedCause extends Omit<SuspectedCause, "weight" | "interventions"> {
  readonly rank: number;
  /** How sure: its change is proved, it is certain by itself, or the data shows it. */
  readonly because: "proved" | "certain" | "data";
  /** Ids of the interventions that were tried for it. */
  readonly interventions: readonly string[];
}

export interface DismissedCause {
  readonly id: SuspectedCause["id"];
  readonly findings: readonly string[];
  readonly why: string;
}

export interface Prescription {
  /** Of the interventions that it joins, in the order in which they were added. */
  readonly interventions: readonly string[];
  readonly says: string;
  readonly patch: SpecPatch;
  /** The spec with the patch made. */
  readonly spec: SpecInput;
  /** On the test part, or on the training part where there is none. */
  readonly proof: Proof;
  /** Each part left out of the whole: what it is worth. */
  readonly ablation: readonly Proof[];
  /** The same over other splits of all rows; null where rows are too few for it. */
  readonly overSplits: Proof | null;
}
