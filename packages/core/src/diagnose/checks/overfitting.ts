// overfitting: from some epoch on the validation loss rises while the training loss falls on: what is
// learned since then holds for the training rows only.
//
// A validation loss that wavers has its least value somewhere before the end too. Rising counts when
// it is beyond the wavering and beyond a share of what there was to learn.

import { setPenalties } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { median, sampleSd } from "../../shared/statistics.ts";
import { dataLoss } from "../../trace/derived/epochs.ts";
import { trailingMedian } from "../../trace/derived/series.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { hasLearned } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Over the best constant predictor's loss. Healthy networks that train on for long rise by as much
 * and are no worse in accuracy, so that it is a note until the loss is above the constant's.
 */
const MIN_RISE = 0.1;
/** Standard deviations of the wavering from epoch to epoch. */
const MIN_DEVIATIONS = 3;
/** Epochs over which a median is taken, so that one lucky epoch is no minimum. */
const WINDOW = 3;
/** A validation loss above the constant predictor's: the answers are confidently wrong. */
const WORSE_THAN_CONSTANT = 1;

export const overfitting: Check = {
  id: "overfitting",
  title: "The validation loss rises while the training loss falls",
  reads: [],
  examine({ variant, runs }) {
    const turns = new Map(runs.map((run) => [run, turnOf(run)]));
    const seen = seenIn(runs, (run) => {
      const turn = turns.get(run);
      if (turn === undefined) return undefined;
      return isRising(turn) || (turn.last > WORSE_THAN_CONSTANT && hasLearned(run));
    });
    if (!isUsual(seen)) return [];
    const found = seen.runs.map((run) => turns.get(run)!);
    const epoch = Math.round(median(found.map((turn) => turn.epoch))) + 1;
    const rise = shortNumber(median(found.map((turn) => turn.rise)));
    const last = median(found.map((turn) => turn.last));
    const rising = 2 * found.filter(isRising).length > found.length;
    return [
      {
        severity: last > WORSE_THAN_CONSTANT ? "warning" : "note",
        where: "train.epochs",
        says: rising
          ? `Since about epoch ${epoch} of ${variant.train.epochs} the validation loss rises while the training loss falls, ${seedsText(seen)}.`
          : `The training rows are learned, and the validation loss ends above the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          `validation loss risen by ${rise} times the best constant predictor's (limit ${MIN_RISE}), to ${shortNumber(last)} times`,
        ],
        interventions: [
          {
            id: "early-stopping",
            says: "stop when the validation loss has not improved for 10 epochs, and keep its best weights",
            patch: {
              train: { earlyStopping: { monitor: "valLoss", patience: 10, restoreBest: true } },
            },
          },
          setPenalties(variant, "weight-decay", "add an l2 of 0.001 on the weights", 0.001),
        ],
      },
    ];
  },
};

interface Turn {
  /** From 0, of the least validation loss. */
  readonly epoch: number;
  /** From there to the end, over the best constant predictor's loss. */
  readonly rise: number;
  /** Over the same, without penalties. */
  readonly last: number;
  /** The rise over the scatter of the validation loss from epoch to epoch. */
  readonly deviations: number;
  /** Whether the training loss went on falling. */
  readonly falls: boolean;
}

function isRising({ rise, deviations, falls }: Turn): boolean {
  return rise > MIN_RISE && deviations > MIN_DEVIATIONS && falls;
}

export function turnOf(run: TraceRun): Turn | undefined {
  const { chance, status } = run;
  const loss = dataLoss(run, "loss");
  // With its penalties, as people watch it: those of the epoch's mean are not those of its end.
  const { valLoss } = run.signals;
  const scale = Math.abs(chance.valLoss ?? 0);
  if (loss === undefined || valLoss === undefined || scale === 0) return undefined;
  if (status === "diverged" || valLoss.length < 2 * WINDOW) return undefined;
  const smooth = trailingMedian(valLoss, WINDOW);
  const least = smooth.reduce((best, value, i) => (value < smooth[best] ? i : best), 0);
  const window = valLoss.subarray(Math.max(0, least + 1 - WINDOW), least + 1);
  const epoch = least + 1 - window.length + window.indexOf(Math.min(...window));
  const last = smooth[smooth.length - 1];
  const penalties = run.signals.regularizationLoss?.at(-1) ?? 0;
  const changes = Array.from(valLoss.subarray(1), (value, i) => value - valLoss[i]);
  const scatter = sampleSd(changes) / Math.SQRT2;
  return {
    epoch,
    rise: (last - smooth[least]) / scale,
    last: (last - penalties) / scale,
    deviations: (last - smooth[least]) / scatter,
    falls: loss[loss.length - 1] < loss[epoch],
  };
}
