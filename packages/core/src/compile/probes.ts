// What a spec wants measured, as the probes of a bucket.

import { PROBES } from "../spec/probe-names.ts";
import type { Spec } from "../spec/spec.ts";
import type { Probes } from "./plan.ts";

/**
 * Probed steps of a run when the spec names no interval. A layer signal then costs 256 bytes per
 * layer and run, and a curve is as fine as a plot of 64 points.
 */
const PROBED_STEPS = 64;

/** Epochs whose confusion counts are kept when the spec names no interval: K x K numbers each. */
const COUNTED_EPOCHS = 10;

/** @param steps Those of the bucket's longest run. */
export function bucketProbes(
  { signals, everySteps, everyEpochs }: NonNullable<Spec["probes"]>,
  steps: number,
  epochs: number,
): Probes {
  return {
    signals: PROBES.filter((name) => signals.includes(name)),
    everySteps: everySteps ?? Math.max(1, Math.ceil(steps / PROBED_STEPS)),
    everyEpochs: everyEpochs ?? Math.max(1, Math.ceil(epochs / COUNTED_EPOCHS)),
  };
}
