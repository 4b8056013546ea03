// Plan -> Trace: lets an engine train a plan, and joins what it tells.

import type { Plan } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Spec } from "../spec/spec.ts";
import { LiveCurves } from "../trace/live-curves.ts";
import { TraceRecorder, traceVariants } from "../trace/record-trace.ts";
import type { Environment } from "../trace/saved-trace.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";
import type { DispatchEvent, ProgressEvent } from "../trace/trace-event.ts";
import type { CancelSignal, Engine } from "./engine.ts";

export interface RecordOptions {
  readonly signal?: CancelSignal | undefined;
  /** Called once, when everything is ready and nothing is trained yet. */
  readonly onStart?: ((spec: Spec, environment: Environment) => void) | undefined;
  /** `live` answers at any time from then on. */
  readonly onProgress?: ((progress: ProgressEvent, live: LiveCurves) => void) | undefined;
  /** Called for what was launched, where the engine was opened to tell it. */
  readonly onDispatch?: ((dispatch: DispatchEvent) => void) | undefined;
  /** Called once per run, when its training has ended. */
  readonly onRunFinished?: ((run: TraceRun) => void) | undefined;
}

/**
 * @param datasets Those of the plan, in its order.
 * @throws what the engine throws when its device fails.
 */
export async function recordTraining(
  engine: Engine,
  { spec, plan, datasets }: { spec: Spec; plan: Plan; datasets: readonly Dataset[] },
  options: RecordOptions = {},
): Promise<Trace> {
  const info = (await engine.prepare?.(plan)) ?? engine.info;
  options.onStart?.(spec, {
    version: 1,
    engine: info,
    variants: traceVariants(plan, datasets),
    runs: plan.runs.map((run) => run.id),
  });
  const recorder = new TraceRecorder(spec, plan, datasets, info);
  const live = new LiveCurves(recorder, plan);
  for await (const event of engine.train(plan, datasets, { signal: options.signal })) {
    recorder.add(event);
    if (event.kind === "progress") options.onProgress?.(event, live);
    if (event.kind === "dispatch") options.onDispatch?.(event);
    if (event.kind === "finished") options.onRunFinished?.(recorder.run(event.run));
  }
  return recorder.finish();
}
