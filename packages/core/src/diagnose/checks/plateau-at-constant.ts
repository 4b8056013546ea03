// plateau-at-constant: the training loss ends where the best constant predictor's is: ln K for K
// classes of equal size, else the entropy of their shares. The network has found nothing. It may be
// cut, stand still, or have nothing to find; other checks and the data tell which.

import { percent, shortNumber } from "../../shared/number-text.ts";
import { mean, median } from "../../shared/statistics.ts";
import type { Check } from "../check.ts";
import { isStuck, lossLeft } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Above the constant's loss a network does worse than it knows how to: `loss-diverges` speaks of that
 * beyond a tenth, and an untrained network begins within a tenth.
 */
const MOST_LEFT = 1.1;

export const plateauAtConstant: Check = {
  id: "plateau-at-constant",
  title: "The loss ends where the best constant predictor's is",
  reads: [],
  examine({ runs, trained }) {
    const seen = seenIn(runs, (run) => {
      const stuck = isStuck(run);
      return stuck === undefined ? undefined : stuck && lossLeft(run)! <= MOST_LEFT;
    });
    if (!isUsual(seen)) return [];
    const constant = mean(seen.runs.map(({ chance }) => chance.loss));
    const counts = trained.classCounts.filter((count) => count > 0);
    const isBalanced = Math.max(...counts) === Math.min(...counts);
    const accuracies = seen.runs.flatMap(({ signals }) => signals.accuracy?.at(-1) ?? []);
    const largest = Math.max(...counts) / trained.trainRows;
    return [
      {
        severity: "error",
        where: "train",
        says: `The training loss ends at ${shortNumber(constant)}, what answering ${isBalanced ? "all classes evenly" : "the classes' shares"} to every row costs, ${seedsText(seen)}.`,
        evidence: [
          `final loss over the best constant predictor's: ${shortNumber(median(seen.runs.map((run) => lossLeft(run)!)), 4)} (limit 0.98)`,
          `accuracy ${percent(mean(accuracies))}, of the largest class ${percent(largest)}`,
        ],
      },
    ];
  },
};
