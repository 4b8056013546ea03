// An engine that trains only what an interrupted trace does not hold yet. A network's numbers do
// not depend on the population it is trained in, so the result equals that of one undisturbed run.

import { type Engine, eventsOfRun, selectRuns, type TraceRun } from "@convergence-lab/core";

export function resumingEngine(engine: Engine, finished: readonly TraceRun[]): Engine {
  const saved = new Map(finished.map((run) => [run.id, run]));
  return {
    ...engine,
    async *train(plan, datasets, options) {
      const unfinished: number[] = [];
      for (const { index, id } of plan.runs) {
        const run = saved.get(id);
        if (run === undefined) unfinished.push(index);
        else yield* eventsOfRun(index, run);
      }
      if (unfinished.length > 0) {
        yield* engine.train(selectRuns(plan, unfinished), datasets, options);
      }
    },
  };
}
