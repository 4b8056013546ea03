// How far a replay in float32 may lie from the exact numbers. The bounds follow from the lengths
// of the sums, not from what was seen; docs/numerics.md derives them.

import type { Network } from "../compile/plan.ts";
import type { Replay, ReplayStep } from "../engine/engine.ts";

/** Half the distance from 1 to the next number: the largest relative error of one operation. */
export const UNIT_ROUNDOFF = { float32: 2 ** -24, float64: 2 ** -53 } as const;

export type Precision = keyof typeof UNIT_ROUNDOFF;

/** Allowed absolute errors of one step; one per parameter for what an optimizer can amplify. */
export interface StepTolerance {
  readonly dataLoss: number;
  readonly regularizationLoss: number;
  readonly logits: number;
  readonly gradients: number;
  readonly parametersAfter: Float64Array;
}

/**
 * Roundings of the elementary functions: WGSL allows exp 3 + 2|x| units in the last place (|x| up
 * to 16 before the result no longer counts in float32: 35), log 3, division 2.5.
 */
const FUNCTION_ROUNDINGS = 40;

/** Tolerances of each step of a recording, given what its steps should compute. */
export function replayTolerances(
  { network, hyper, batch }: Pick<Replay, "network" | "hyper" | "batch">,
  expected: readonly ReplayStep[],
  precision: Precision,
): StepTolerance[] {
  const unit = UNIT_ROUNDOFF[precision];
  const forward = forwardRoundings(network);
  // A gradient has gone forward, back through as many sums, and over the batch.
  const backward = 2 * forward + batch;
  const parameterDrift = new Float64Array(network.layout.size);
  let drift = 0;
  return expected.map((step) => {
    const logits = (unit * forward + drift) * largest(step.logits);
    const gradients = (unit * backward + drift) * largest(step.gradients);
    const weights = largest(step.parametersAfter);
    step.gradients.forEach((gradient, i) => {
      parameterDrift[i] +=
        unit * weights + updateError(network, hyper.learningRate, gradient, gradients);
    });
    const tolerance = {
      // The loss is Lipschitz in the logits: 1 for cross-entropies and hinge.
      dataLoss: unit * (batch + FUNCTION_ROUNDINGS) * Math.max(1, step.dataLoss) + 2 * logits,
      regularizationLoss: (unit * network.layout.size + drift) * step.regularizationLoss,
      logits,
      gradients,
      parametersAfter: parameterDrift.slice(),
    };
    // The next step starts from weights that are off by this much, relatively.
    drift += (4 * forward * unit * hyper.learningRate) / Math.max(weights, hyper.learningRate);
    drift += unit * forward;
    return tolerance;
  });
}

/** Roundings on the way to a logit: each dot product as many as it has terms, each function's. */
function forwardRoundings({ layers }: Network): number {
  return layers.reduce((sum, { inputs }) => sum + inputs + 1 + FUNCTION_ROUNDINGS, 0);
}

/**
 * How far an update may be off when its gradient is off by `error`. Optimizers that divide by the
 * gradient's own size turn a relative error into one of the step, at most a step the other way.
 */
function updateError(
  { optimizer }: Network,
  learningRate: number,
  gradient: number,
  error: number,
): number {
  if (optimizer.name === "sgd") return learningRate * error;
  const relative = error / Math.abs(gradient);
  return (
    learningRate * Math.min(2, Number.isNaN(relative) ? 2 : relative) * momentumGain(optimizer)
  );
}

/** Momentum adds up steps: 1 / (1 - 0.9) of them at Keras's usual 0.9. */
function momentumGain({ momentum }: Network["optimizer"]): number {
  return momentum ? 10 : 1;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
