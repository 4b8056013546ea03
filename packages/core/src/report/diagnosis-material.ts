// What a diagnosis is made of: everything that was found, trained and proved.

import type { Repair } from "../causes/repair.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Diagnosed } from "../diagnose/diagnose.ts";
import type { Finding } from "../lint/finding.ts";
import type { JudgedOn, ProofMetric } from "../prove/proof.ts";
import type { Proved } from "../prove/prove.ts";
import type { RateRange } from "../prove/rate-range.ts";
import type { Spec, Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import type { LearnabilityReport } from "./diagnosis-report.ts";

/** What is known before anything is proved. */
export interface Situation {
  readonly variant: Variant;
  readonly dataset: Dataset;
  readonly findings: readonly Finding[];
  readonly suspects: readonly Suspect[];
  readonly before: Trace;
  readonly judging: JudgedOn;
  readonly learnable: LearnabilityReport;
}

export interface ProvedChanges extends Proved {
  readonly metric: ProofMetric;
}

export interface DiagnosisMaterial {
  /** With the user's own source. */
  readonly spec: Spec;
  readonly situation: Situation;
  /** What had to be changed before the network could be trained at all. */
  readonly repair: Repair | undefined;
  readonly diagnosed: Diagnosed;
  readonly range: RateRange | undefined;
  readonly proved: ProvedChanges | undefined;
  readonly modelSteps: number;
}
