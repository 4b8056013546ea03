// A plan for some of the runs of another: what one worker gets, or what an interrupted training
// still has to do.

import type { Plan } from "./plan.ts";

/**
 * The plan whose buckets list only the given runs. Runs and buckets keep their positions, since
 * runs, events and buckets name each other by index; a bucket may be left without runs.
 */
export function selectRuns(plan: Plan, runIndices: Iterable<number>): Plan {
  const selected = new Set(runIndices);
  const buckets = plan.buckets.map((bucket) => ({
    ...bucket,
    runs: bucket.runs.filter((run) => selected.has(run)),
  }));
  return { ...plan, buckets };
}
