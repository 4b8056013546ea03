// How far a run came from the best constant predictor. A symptom inside a network matters as much
// as the network has failed: most of them also occur in networks that learn well.

import { CONVERGED_BELOW, STUCK_ABOVE } from "../claims/behaviors.ts";
import type { Severity } from "../lint/finding.ts";
import { dataLoss } from "../trace/derived/epochs.ts";
import { latestMedian } from "../trace/derived/series.ts";
import type { TraceRun } from "../trace/trace.ts";
import { isUsual, type SeenIn, seenIn } from "./over-seeds.ts";

/**
 * The loss over that of the best constant predictor, without penalties: 1 has learned nothing and 0
 * everything. In training mode or in inference mode, whichever is less, because dropout, the change
 * within the epoch and lagging statistics are no failure to learn. Infinite for a loss that is not
 * finite, undefined before the first epoch has ended.
 */
export function lossLeft(run: TraceRun): number | undefined {
  const { chance } = run;
  const losses = (["loss", "inferenceLoss"] as const).flatMap((signal) => {
    const loss = dataLoss(run, signal)?.at(-1);
    return loss === undefined ? [] : [Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY];
  });
  if (losses.length === 0) return undefined;
  const least = Math.min(...losses);
  // Binary cross-entropy with labels above 1 is negative at its best constant; and with a loss that
  // is 0 for every answer nothing can be learned.
  if (chance.loss === 0) return least > 0 ? Number.POSITIVE_INFINITY : 1;
  return 1 + (least - chance.loss) / Math.abs(chance.loss);
}

/**
 * Whether the loss is a tenth below the best constant predictor's and came there by training: initial
 * weights alone may be lucky, though hardly down to half of it.
 */
export function hasLearned(run: TraceRun): boolean {
  const left = lossLeft(run);
  if (left === undefined || !(left < CONVERGED_BELOW)) return false;
  const loss = dataLoss(run, "loss");
  if (left < HALF || loss === undefined || loss.length < 2) return true;
  return loss[0] - loss[loss.length - 1] > MIN_FALL * Math.abs(run.chance.loss);
}

/** Of the constant predictor's loss. */
export const HALF = 0.5;
/** Of the same, and as far as "learned" is below it. */
const MIN_FALL = 1 - CONVERGED_BELOW;

/** Whether it ended where a network ends that has found nothing, or worse. */
export function isStuck(run: TraceRun): boolean | undefined {
  const left = lossLeft(run);
  return left === undefined ? undefined : left >= STUCK_ABOVE;
}

/** Epochs over which a gap is a median. */
const GAP_WINDOW = 5;

/** So many of the last epochs' inference on the training rows are read by checks: each gap reads two. */
export const READ_INFERENCE = GAP_WINDOW + 1;

/**
 * By how much the training rows' loss is higher in inference mode than in training mode at the end,
 * over the best constant predictor's loss; below 0 where it is lower. Training mode measures an epoch
 * as it goes by, so that what the epoch itself teaches lies between inference before and after it:
 * only what is outside of both counts. Undefined with a single epoch.
 */
export function latestInferenceGap({ signals, chance }: TraceRun): number | undefined {
  const { loss, inferenceLoss } = signals;
  if (loss === undefined || inferenceLoss === undefined || chance.loss === 0) return undefined;
  const gaps = Array.from(loss.subarray(1), (value, i) => {
    const [before, after] = [inferenceLoss[i] - value, inferenceLoss[i + 1] - value];
    return before * after <= 0 ? 0 : Math.sign(after) * Math.min(Math.abs(before), Math.abs(after));
  });
  const latest = latestMedian(gaps, GAP_WINDOW);
  return latest === undefined ? undefined : latest / Math.abs(chance.loss);
}

/** A warning where most of the runs that show it have not learned, else a note. */
export function severityOf({ runs }: SeenIn): Severity {
  return isUsual(seenIn(runs, (run) => !hasLearned(run))) ? "warning" : "note";
}
