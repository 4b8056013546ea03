// loss-still-falling: training ends while the loss falls as steadily as before. It has not failed, it
// has not arrived: the epochs are too few for the learning rate.

import { behaves } from "../../claims/behaviors.ts";
import { scaleLearningRate, setTraining } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { mean, median } from "../../shared/statistics.ts";
import { dataLoss } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { severityOf } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Share of the whole fall that the last tenth of the epochs brings, after the tenth before. A straight
 * line brings 10%, as rates far too low do. Some healthy networks bring up to 8%, gain from more
 * epochs, and are told so by a note (bench/results/checks-over-cases.md).
 */
const MIN_SHARE = 0.05;

export const lossStillFalling: Check = {
  id: "loss-still-falling",
  title: "Training ends while the loss falls",
  reads: [],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      const falling = behaves(run, "stillFalling");
      return falling === undefined ? undefined : falling && lastShare(run) > MIN_SHARE;
    });
    if (!isUsual(seen)) return [];
    const share = percent(median(seen.runs.map(lastShare)));
    const { epochs } = variant.train;
    return [
      {
        severity: severityOf(seen),
        where: "train.epochs",
        says: `The loss is still falling when training ends: the last tenth of the epochs brings ${share} of the whole fall, ${seedsText(seen)}.`,
        evidence: [
          `share of the last tenth ${share} (limit ${percent(MIN_SHARE)}; 10% is a straight line)`,
        ],
        interventions: [
          setTraining("more-epochs", `train for ${5 * epochs} epochs`, { epochs: 5 * epochs }),
          scaleLearningRate(variant, 10),
        ],
      },
    ];
  },
};

/** The fall from one tenth of the epochs to the last, over the fall from the start to the last. */
export function lastShare(run: TraceRun): number {
  const { chance } = run;
  const loss = Array.from(dataLoss(run, "loss")!);
  const tenth = Math.max(3, Math.floor(loss.length / 10));
  const last = mean(loss.slice(-tenth));
  const before = mean(loss.slice(-2 * tenth, -tenth));
  return (before - last) / (Math.max(loss[0], chance.loss) - last);
}
