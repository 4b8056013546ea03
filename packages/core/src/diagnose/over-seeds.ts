// One run is an anecdote: what a check says, it says of a share of the seeds, with its interval.

import { percent } from "../shared/number-text.ts";
import { wilsonInterval } from "../shared/statistics.ts";
import type { TraceRun } from "../trace/trace.ts";

/** The runs of which something is true, of all that could be asked. */
export interface SeenIn {
  readonly runs: readonly TraceRun[];
  readonly of: number;
}

/** Runs in which `holds`; a run that answers undefined was not measured and does not count. */
export function seenIn(
  runs: readonly TraceRun[],
  holds: (run: TraceRun) => boolean | undefined,
): SeenIn {
  const answers = runs.map((run) => ({ run, answer: holds(run) }));
  const measured = answers.filter(({ answer }) => answer !== undefined);
  return {
    runs: measured.filter(({ answer }) => answer).map(({ run }) => run),
    of: measured.length,
  };
}

/** Whether it is the rule and not the exception: more than half of the seeds. */
export function isUsual({ runs, of }: SeenIn): boolean {
  return 2 * runs.length > of;
}

/** "in 14 of 16 seeds (95% 64% to 97%)" */
export function seedsText({ runs, of }: SeenIn): string {
  const [low, high] = wilsonInterval(runs.length, of);
  return `in ${runs.length} of ${of} ${of === 1 ? "seed" : "seeds"} (95% ${percent(low)} to ${percent(high)})`;
}

/** The runs in which something is true of some layers, and the layers of which it usually is. */
export interface SeenAt extends SeenIn {
  /** First layer first; at least one where there is a run. */
  readonly layers: readonly number[];
}

/** Runs with layers of which something holds; a run that answers undefined was not measured. */
export function seenAt(
  runs: readonly TraceRun[],
  layersOf: (run: TraceRun) => readonly number[] | undefined,
): SeenAt {
  const found = new Map(runs.map((run) => [run, layersOf(run)]));
  const seen = seenIn(runs, (run) => {
    const layers = found.get(run);
    return layers && layers.length > 0;
  });
  const counts = new Map<number, number>();
  for (const layer of seen.runs.flatMap((run) => found.get(run)!)) {
    counts.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const enough = Math.min(most, seen.runs.length / 2);
  const layers = [...counts.keys()].filter((layer) => counts.get(layer)! >= enough);
  return { ...seen, layers: layers.sort((a, b) => a - b) };
}
