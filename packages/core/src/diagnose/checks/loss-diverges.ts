// loss-diverges: the loss ends above what answering the same always would cost, and above where it
// was before: training makes the network worse.

import { scaleLearningRate } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import { dataLoss } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Final loss over the larger of the first epoch's and the best constant predictor's. A network that
 * is stuck ends within 0.1% of both, so that "above the start" alone would be a coin flip.
 */
const MIN_RISE = 1.1;

export const lossDiverges: Check = {
  id: "loss-diverges",
  title: "The loss ends above where it started",
  reads: [],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      if (run.status === "diverged") return true;
      const rise = riseOf(run);
      return rise === undefined ? undefined : rise > MIN_RISE;
    });
    if (!isUsual(seen)) return [];
    const broken = seen.runs.filter(({ status }) => status === "diverged").length;
    const ended = seen.runs.flatMap((run) => (run.status === "diverged" ? [] : [riseOf(run)!]));
    return [
      {
        severity: "error",
        where: "train",
        says:
          broken === seen.runs.length
            ? `The loss stops being finite, ${seedsText(seen)}.`
            : `The loss ends ${shortNumber(median(ended))} times as high as it started or as the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          ...(broken > 0 ? [`not finite in ${broken} of ${runs.length}`] : []),
          ...(ended.length > 0
            ? [
                `final loss over the larger of the first epoch's and the constant's: ${shortNumber(median(ended))} (limit ${MIN_RISE})`,
              ]
            : []),
        ],
        interventions: [scaleLearningRate(variant, 0.1)],
      },
    ];
  },
};

function riseOf(run: TraceRun): number | undefined {
  const { chance } = run;
  const loss = dataLoss(run, "loss");
  if (loss === undefined || loss.length < 2) return undefined;
  const start = Math.max(loss[0], chance.loss);
  // Against a loss that may be negative or 0 a ratio says nothing.
  return start > 0 ? loss[loss.length - 1] / start : undefined;
}
