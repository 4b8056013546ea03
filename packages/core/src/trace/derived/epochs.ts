// What follows from the curves of one run, epoch by epoch.

import type { TraceRun } from "../trace.ts";
import type { EpochSignal } from "../trace-event.ts";

/**
 * The coefficient of variation of the gradient's norm over the steps of an epoch: how much of it is
 * the batch's and not the network's.
 */
export function gradientNoise(run: TraceRun): Float32Array | undefined {
  return combined(run, "gradientNormVariance", "gradientNormMean", (variance, mean) =>
    Math.sqrt(variance) === 0 ? 0 : Math.sqrt(variance) / mean,
  );
}

/**
 * Validation loss minus training loss. Against the training part in inference mode where that was
 * measured: then dropout, batch statistics and the change within the epoch are not in it.
 */
export function generalizationGap(run: TraceRun): Float32Array | undefined {
  const training = run.signals.inferenceLoss === undefined ? "loss" : "inferenceLoss";
  return combined(run, "valLoss", training, (valLoss, loss) => valLoss - loss);
}

/**
 * Loss of the training part in inference mode minus in training mode. Above 0 where moving
 * statistics lag behind the batch's; below, where dropout and noise cost, or the epoch has taught.
 */
export function inferenceGap(run: TraceRun): Float32Array | undefined {
  return combined(run, "inferenceLoss", "loss", (inference, loss) => inference - loss);
}

/**
 * A loss without the penalties that it holds: what the rows themselves cost. The loss as it is where
 * penalties were not measured.
 */
export function dataLoss(
  { signals }: TraceRun,
  signal: "loss" | "inferenceLoss" | "valLoss",
): Float32Array | undefined {
  const penalties = signals.regularizationLoss;
  return penalties === undefined
    ? signals[signal]
    : signals[signal]?.map((loss, epoch) => loss - penalties[epoch]);
}

/** Which part of the loss is penalties; 0 where the loss is. */
export function penaltyShare(run: TraceRun): Float32Array | undefined {
  return combined(run, "regularizationLoss", "loss", (penalties, loss) =>
    penalties === 0 ? 0 : penalties / loss,
  );
}

/** The epoch, from 0, of the least loss or the greatest accuracy; the first of equals. */
export function bestEpoch(
  run: TraceRun,
  metric: "loss" | "accuracy" | "valLoss" | "valAccuracy",
): number | undefined {
  const values = run.signals[metric];
  if (values === undefined) return undefined;
  const sign = metric === "loss" || metric === "valLoss" ? -1 : 1;
  let best: number | undefined;
  values.forEach((value, epoch) => {
    if (!Number.isFinite(value)) return;
    if (best === undefined || sign * value > sign * values[best]) best = epoch;
  });
  return best;
}

function combined(
  { signals }: TraceRun,
  first: EpochSignal,
  second: EpochSignal,
  combine: (first: number, second: number) => number,
): Float32Array | undefined {
  const [one, other] = [signals[first], signals[second]];
  if (one === undefined || other === undefined) return undefined;
  return one.map((value, epoch) => combine(value, other[epoch]));
}
