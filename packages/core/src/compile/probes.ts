// What the readers of a trace ask for, joined: the probes of a bucket.

import { PROBES, type ProbeRequest } from "../spec/probes.ts";
import type { Probes } from "./plan.ts";

/**
 * Probed steps of a run when nobody names an interval. A layer signal then costs 256 bytes per layer
 * and run, and a curve is still finer than a plot of 64 points.
 */
const PROBED_STEPS = 64;

/** Epochs whose confusion counts are kept when nobody names an interval: K x K numbers each. */
const COUNTED_EPOCHS = 10;

/** All signals that anybody asks for, at the shortest interval named; null when nobody asks. */
export function bucketProbes(
  requests: readonly ProbeRequest[],
  steps: number,
  epochs: number,
): Probes | null {
  const asked = new Set(requests.flatMap(({ signals }) => signals));
  if (asked.size === 0) return null;
  const shortest = (interval: "everySteps" | "everyEpochs") => {
    const named = requests.flatMap((request) => request[interval] ?? []);
    return named.length === 0 ? null : Math.min(...named);
  };
  return {
    signals: PROBES.filter((name) => asked.has(name)),
    everySteps: shortest("everySteps") ?? Math.max(1, Math.ceil(steps / PROBED_STEPS)),
    everyEpochs: shortest("everyEpochs") ?? Math.max(1, Math.ceil(epochs / COUNTED_EPOCHS)),
  };
}
