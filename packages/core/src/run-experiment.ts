// The pipeline, and the first file to read. Every stage takes plain values and returns a plain
// value; only the engine touches a device.
//
//   source -> spec -> datasets -> lint -> plan -> engine.train -> trace -> report

import { compile, type DatasetTable, loadDatasets } from "./compile/compile.ts";
import type { WeightsTable } from "./compile/initial-weights.ts";
import type { Plan } from "./compile/plan.ts";
import type { Tables } from "./dataset/table.ts";
import type { Engine } from "./engine/engine.ts";
import { type RecordOptions, recordTraining } from "./engine/record-training.ts";
import type { Finding } from "./lint/finding.ts";
import { lint } from "./lint/lint.ts";
import { makeReport } from "./report/make-report.ts";
import type { Report } from "./report/report.ts";
import { parseSpec } from "./spec/parse-spec.ts";
import type { Spec } from "./spec/spec.ts";
import type { Trace } from "./trace/trace.ts";

export interface PlanOptions {
  /** Those that the spec names. */
  readonly tables?: Tables | undefined;
  readonly weights?: WeightsTable | undefined;
}

export type RunOptions = PlanOptions & RecordOptions;

/** What is known before anything is trained. */
export interface Experiment {
  readonly spec: Spec;
  readonly datasets: DatasetTable;
  readonly findings: readonly Finding[];
  readonly plan: Plan;
}

/** @throws SpecError, and what the engine throws when its device fails. */
export async function runExperiment(
  source: unknown,
  engine: Engine,
  options: RunOptions = {},
): Promise<{ trace: Trace; report: Report }> {
  return trainExperiment(planExperiment(source, options), engine, options);
}

/** @throws SpecError */
export function planExperiment(source: unknown, { tables, weights }: PlanOptions = {}): Experiment {
  const spec = parseSpec(source);
  const datasets = loadDatasets(spec, tables);
  const plan = compile(spec, datasets, weights);
  return { spec, datasets, findings: lint(spec, datasets), plan };
}

/** @throws what the engine throws when its device fails. */
export async function trainExperiment(
  { spec, datasets, findings, plan }: Experiment,
  engine: Engine,
  options: RunOptions = {},
): Promise<{ trace: Trace; report: Report }> {
  const training = { spec, plan, datasets: [...datasets.values()] };
  const trace = await recordTraining(engine, training, options);
  return { trace, report: makeReport(trace, findings) };
}
