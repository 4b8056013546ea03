// majority-predictor: nearly all rows are taken for one class. The accuracy is that class's share and
// looks like learning where the class is large.

import { percent } from "../../shared/number-text.ts";
import { mean, median } from "../../shared/statistics.ts";
import { balancedAccuracy, predictedShares } from "../../trace/derived/confusion.ts";
import { latestConfusion } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/** Rows that are taken for one class. */
const MIN_SHARE = 0.95;
/** How far the mean recall is from that of a constant answer, 0, to 1 for all right. */
const MAX_SKILL = 0.1;

export const majorityPredictor: Check = {
  id: "majority-predictor",
  title: "Nearly all rows are taken for one class",
  reads: ["confusion"],
  examine({ runs, trained }) {
    const seen = seenIn(runs, (run) => {
      const taken = takenOf(run);
      return taken && taken.share > MIN_SHARE && taken.skill < MAX_SKILL;
    });
    if (!isUsual(seen)) return [];
    const taken = seen.runs.map((run) => takenOf(run)!);
    const share = percent(mean(taken.map((each) => each.share)));
    const largest = percent(Math.max(...trained.classCounts) / trained.trainRows);
    const accuracy = percent(
      mean(seen.runs.flatMap(({ signals }) => signals.accuracy?.at(-1) ?? [])),
    );
    return [
      {
        severity: "error",
        where: "train",
        says: `${share} of the rows are taken for one class; the accuracy of ${accuracy} is that class's share, ${seedsText(seen)}.`,
        evidence: [
          `the class taken most: ${share} of the rows (limit ${percent(MIN_SHARE)}); the largest class has ${largest}`,
          `mean recall of the classes ${percent(median(taken.map((each) => each.recall)))}`,
        ],
      },
    ];
  },
};

function takenOf(run: TraceRun) {
  const confusion = latestConfusion(run, "confusion");
  if (confusion === undefined) return undefined;
  const { classes, counts } = confusion;
  const rows = Array.from({ length: classes }, (_, k) =>
    counts.subarray(k * classes, (k + 1) * classes).some((count) => count > 0),
  );
  const constant = 1 / rows.filter(Boolean).length;
  const recall = balancedAccuracy(confusion);
  return {
    share: Math.max(...predictedShares(confusion)),
    recall,
    skill: constant === 1 ? 1 : (recall - constant) / (1 - constant),
  };
}
