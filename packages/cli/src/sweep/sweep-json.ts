// What --json prints of a sweep: how many trials ended how, and the best of them.

import { type Sweep, type SweepSummary, sweepHash } from "@convergence-lab/core";

/** @param total Trials that there are to train. */
export function sweepJson(
  sweep: Sweep,
  { finished, states, best }: SweepSummary,
  folder: string,
  total: number,
): string {
  const { name, metric } = sweep;
  const trials = { total, finished, ...states };
  const value = { version: 1, name, sweep: sweepHash(sweep), folder, metric, trials, best };
  return `${JSON.stringify(value, null, 2)}\n`;
}
