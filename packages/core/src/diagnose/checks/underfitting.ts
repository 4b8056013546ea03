// underfitting: the training loss has left the best constant predictor's, and hardly. What is wrong
// is in training or in the network's size, not in new rows.
//
// An accuracy says nothing here: 0.84 is all that can be had of a noisy table. Nor does a loss near
// the constant's where the features tell little, so that this is a note until something else speaks.

import { percent } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import type { Check } from "../check.ts";
import { hasLearned, isStuck, lossLeft } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

export const underfitting: Check = {
  id: "underfitting",
  title: "The training loss is hardly below the best constant predictor's",
  reads: [],
  examine({ runs }) {
    const seen = seenIn(runs, (run) => {
      const stuck = isStuck(run);
      return stuck === undefined ? undefined : !stuck && !hasLearned(run);
    });
    if (!isUsual(seen)) return [];
    const left = percent(median(seen.runs.map((run) => lossLeft(run)!)));
    return [
      {
        severity: "warning",
        where: "model",
        says: `The training loss ends at ${left} of the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          `final training loss over the constant's ${left} (learned below 90%, stuck above 98%)`,
        ],
        ruledOut: ["overfitting: the training rows themselves are not learned"],
      },
    ];
  },
};
