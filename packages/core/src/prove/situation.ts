// What is known of a network before anything is proved.

import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { LearnabilityReport } from "../learnability/learnability-report.ts";
import type { Finding } from "../lint/finding.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import type { JudgedOn } from "./proof.ts";

export interface Situation {
  readonly variant: Variant;
  readonly dataset: Dataset;
  readonly findings: readonly Finding[];
  readonly suspects: readonly Suspect[];
  /** The unchanged network. */
  readonly before: Trace;
  /** On which rows it is judged: the test part where there is one. */
  readonly judging: JudgedOn;
  readonly learnable: LearnabilityReport;
}
