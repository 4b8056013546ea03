// An engine that trains only what an interrupted trace does not hold yet. A network's numbers do
// not depend on the population it is trained in, so the result equals that of one undisturbed run.

import type { Engine, Plan, TraceEvent, TraceRun } from "@convergence-lab/core";

export function resumingEngine(engine: Engine, finished: readonly TraceRun[]): Engine {
  const saved = new Map(finished.map((run) => [run.id, run]));
  return {
    info: engine.info,
    replay: (recording) => engine.replay(recording),
    dispose: () => engine.dispose(),
    async *train(plan, datasets, options) {
      for (const { index, id } of plan.runs) {
        const run = saved.get(id);
        if (run !== undefined) yield* eventsOf(index, run);
      }
      const rest = withoutRuns(plan, saved);
      if (rest.buckets.length > 0) yield* engine.train(rest, datasets, options);
    },
  };
}

function* eventsOf(index: number, run: TraceRun): Generator<TraceEvent> {
  yield { kind: "epochs", run: index, firstEpoch: 0, signals: run.signals };
  yield { kind: "finished", run: index, status: run.status, steps: run.steps };
}

function withoutRuns(plan: Plan, saved: ReadonlyMap<string, TraceRun>): Plan {
  const buckets = plan.buckets.flatMap((bucket) => {
    const runs = bucket.runs.filter((run) => !saved.has(plan.runs[run].id));
    return runs.length === 0 ? [] : [{ ...bucket, runs }];
  });
  return { ...plan, buckets };
}
