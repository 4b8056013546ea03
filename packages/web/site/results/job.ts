// What is computed when the site is built: an experiment, or a diagnosis. Both train through core, on
// the engine that every machine has, so that any machine builds the same numbers.

import {
  type LearnabilityReport,
  learnability,
  planExperiment,
  type Report,
  runDiagnosis,
  trainExperiment,
} from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";

export type Job =
  | {
      readonly kind: "experiment";
      readonly source: unknown;
      /** Whether simple methods are asked what the features tell of the labels at all. */
      readonly asksSignal: boolean;
    }
  | { readonly kind: "diagnosis"; readonly source: unknown };

export interface JobResult {
  readonly report: Report;
  /** Of an experiment that asks for it. A diagnosis has its own in the report. */
  readonly learnability: LearnabilityReport | null;
}

/** @throws SpecError, and what a spec that cannot be trained throws. */
export async function runJob(job: Job): Promise<JobResult> {
  const engine = createSimdEngine({
    reason: "The site is built on the engine that is everywhere.",
  });
  if (job.kind === "diagnosis") {
    const { report } = await runDiagnosis(job.source, engine);
    return { report, learnability: null };
  }
  const experiment = planExperiment(job.source);
  const { report } = await trainExperiment(experiment, engine);
  const [dataset] = experiment.datasets.values();
  return { report, learnability: job.asksSignal ? learnability(dataset) : null };
}
