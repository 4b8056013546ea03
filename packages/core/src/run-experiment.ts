// The pipeline, and the first file to read. Every stage takes plain values and returns a plain
// value; only the engine touches a device.
//
//   source -> spec -> datasets -> lint -> plan -> engine.train -> trace -> report

import { compile, type DatasetTable, loadDatasets } from "./compile/compile.ts";
import type { Plan } from "./compile/plan.ts";
import type { Tables } from "./dataset/table.ts";
import type { CancelSignal, Engine } from "./engine/engine.ts";
import type { Finding } from "./lint/finding.ts";
import { lint } from "./lint/lint.ts";
import { makeReport } from "./report/make-report.ts";
import type { Report } from "./report/report.ts";
import { parseSpec } from "./spec/parse-spec.ts";
import type { Spec } from "./spec/spec.ts";
import { TraceRecorder, traceVariants } from "./trace/record-trace.ts";
import type { Environment } from "./trace/saved-trace.ts";
import type { Trace, TraceRun } from "./trace/trace.ts";
import type { ProgressEvent } from "./trace/trace-event.ts";

export interface PlanOptions {
  /** Those that the spec names. */
  readonly tables?: Tables | undefined;
}

export interface RunOptions extends PlanOptions {
  readonly signal?: CancelSignal | undefined;
  /** Called once, when everything is planned and nothing is trained yet. */
  readonly onStart?: (spec: Spec, environment: Environment) => void;
  readonly onProgress?: (progress: ProgressEvent) => void;
  /** Called once per run, when its training has ended. */
  readonly onRunFinished?: (run: TraceRun) => void;
}

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
export function planExperiment(source: unknown, { tables }: PlanOptions = {}): Experiment {
  const spec = parseSpec(source);
  const datasets = loadDatasets(spec, tables);
  return { spec, datasets, findings: lint(spec, datasets), plan: compile(spec, datasets) };
}

/** @throws what the engine throws when its device fails. */
export async function trainExperiment(
  { spec, datasets, findings, plan }: Experiment,
  engine: Engine,
  options: RunOptions = {},
): Promise<{ trace: Trace; report: Report }> {
  const tables = [...datasets.values()];
  const info = (await engine.prepare?.(plan)) ?? engine.info;
  options.onStart?.(spec, {
    version: 1,
    engine: info,
    variants: traceVariants(plan, tables),
    runs: plan.runs.map((run) => run.id),
  });
  const recorder = new TraceRecorder(spec, plan, tables, info);
  for await (const event of engine.train(plan, tables, { signal: options.signal })) {
    recorder.add(event);
    if (event.kind === "progress") options.onProgress?.(event);
    if (event.kind === "finished") options.onRunFinished?.(recorder.run(event.run));
  }
  const trace = recorder.finish();
  return { trace, report: makeReport(trace, findings) };
}
