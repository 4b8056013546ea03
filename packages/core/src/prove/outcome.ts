// What a run comes to when arms are compared: one number, larger is better, and whether it failed.

import { finalValue } from "../claims/final-value.ts";
import { mean } from "../shared/statistics.ts";
import { balancedAccuracy, predictedShares } from "../trace/derived/confusion.ts";
import { latestConfusion } from "../trace/signals.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";
import type { JudgedOn, ProofMetric } from "./proof.ts";

export interface Outcome {
  readonly accuracy: number;
  /** Undefined where confusion counts were not measured. */
  readonly balancedAccuracy: number | undefined;
  /** Of the rows that are judged on; infinite for a run that diverged. */
  readonly loss: number;
  /** No better than the best constant predictor. */
  readonly failed: boolean;
  /**
   * One answer to all rows but a few. Where confusion counts were not measured: no better than that.
   * Of few rows another share is of one class than of all, and a network that has learned something
   * may be right on fewer of them than the luckiest constant.
   */
  readonly constant: boolean;
  /** That it was right or wrong on; undefined where confusion counts were not measured. */
  readonly rows: number | undefined;
}

/**
 * How far above the best constant an accuracy has to be: a network that has found nothing is right
 * in a few rows more or less.
 */
const MIN_ABOVE_CHANCE = 0.02;

/**
 * A diverged network answers NaN, which Keras turns into one class: it is taken for the best
 * constant predictor, so that no change gains by how it diverges.
 */
export function outcomeOf(run: TraceRun, on: JudgedOn): Outcome {
  const isTraining = on === "training";
  const chance = chanceOf(run, on);
  const measured = isTraining
    ? (run.signals.inferenceAccuracy?.at(-1) ?? finalValue(run, "accuracy"))
    : finalValue(run, "valAccuracy");
  const isSound = run.status === "complete" && measured !== undefined && Number.isFinite(measured);
  const accuracy = isSound ? measured : chance;
  const confusion = latestConfusion(run, isTraining ? "confusion" : "valConfusion");
  const failed = accuracy < chance + MIN_ABOVE_CHANCE;
  return {
    accuracy,
    balancedAccuracy:
      confusion === undefined
        ? undefined
        : isSound
          ? balancedAccuracy(confusion)
          : 1 / confusion.classes,
    loss: isSound ? lossOf(run, isTraining) : Number.POSITIVE_INFINITY,
    failed,
    constant:
      confusion === undefined
        ? failed
        : !isSound || Math.max(...predictedShares(confusion)) > 1 - MIN_ABOVE_CHANCE,
    rows: confusion?.counts.reduce((sum, count) => sum + count, 0),
  };
}

/** Mean accuracy over runs. */
export function reachedBy({ runs }: Pick<Trace, "runs">, on: JudgedOn): number {
  return mean(runs.map((run) => outcomeOf(run, on).accuracy));
}

/** Accuracy of the best constant answer. */
export function chanceOf({ chance }: TraceRun, on: JudgedOn): number {
  return (on === "training" ? chance.accuracy : chance.valAccuracy) ?? 0;
}

function lossOf(run: TraceRun, isTraining: boolean): number {
  const inference = isTraining ? run.signals.inferenceLoss?.at(-1) : undefined;
  return inference ?? finalValue(run, isTraining ? "loss" : "valLoss") ?? Number.POSITIVE_INFINITY;
}

/** Larger is better. */
export function worthOf(outcome: Outcome, metric: ProofMetric): number {
  if (metric === "loss") return -outcome.loss;
  return metric === "balancedAccuracy"
    ? (outcome.balancedAccuracy ?? outcome.accuracy)
    : outcome.accuracy;
}
