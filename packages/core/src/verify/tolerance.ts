// How far each number of a replay may lie from the recorded one. The bounds follow from the lengths
// of the sums, the values and what WGSL allows its operations, not from what was seen in runs that
// passed; docs/numerics.md derives them.

import type { Replay, ReplayStep } from "../engine/engine.ts";
import type { Precision } from "./bounds/arithmetic.ts";
import { type BoundedStep, boundedReplay } from "./bounds/bounded-replay.ts";

export type { Precision } from "./bounds/arithmetic.ts";

/** Allowed absolute errors of one step, number by number. */
export interface StepTolerance {
  readonly dataLoss: number;
  readonly regularizationLoss: number;
  readonly logits: Float64Array;
  readonly gradients: Float64Array;
  readonly parametersAfter: Float64Array;
}

/**
 * What a machine of `precision` that computed `actual` may be off, and what the recording, which is
 * float64 and carries the rounding of another order of summation, may be.
 */
export function replayTolerances(
  replay: Replay,
  expected: readonly ReplayStep[],
  actual: readonly ReplayStep[],
  precision: Precision,
): StepTolerance[] {
  const ofRecording = boundedReplay(replay, "float64", expected);
  return boundedReplay(replay, precision, actual).map((step, s) => sumOf(step, ofRecording[s]));
}

function sumOf(a: BoundedStep, b: BoundedStep): StepTolerance {
  const errors = (quantity: "logits" | "gradients" | "parametersAfter") =>
    a[quantity].errors.map((error, i) => error + b[quantity].errors[i]);
  return {
    dataLoss: a.dataLoss.error + b.dataLoss.error,
    regularizationLoss: a.regularizationLoss.error + b.regularizationLoss.error,
    logits: errors("logits"),
    gradients: errors("gradients"),
    parametersAfter: errors("parametersAfter"),
  };
}
