// sorted-split: the rows are sorted by class, and the test part is their tail, so that it holds
// classes that were never trained on. Keras's `validation_split` takes the tail.

import { percent } from "../../shared/number-text.ts";
import { labelOrder } from "../facts/label-runs.ts";
import { lintCheck } from "../lint-check.ts";

/**
 * How much of one part's class shares would have to move to give the other's (total variation
 * distance). Chance reaches a half with 10 rows of two even classes in 0.2% of splits.
 */
const MAX_DISTANCE = 0.5;

export const sortedSplit = lintCheck({
  id: "sorted-split",
  title: "Rows sorted by class are split without shuffling",
  reads: ["labels", "shape"],
  examine({ data }, { labels, shape }) {
    if (data.split === undefined || data.split.shuffle !== false || shape.testRows === 0) return [];
    const { isSorted, expectedRuns } = labelOrder({ labels, shape });
    if (!isSorted) return [];
    const distance =
      labels.train.reduce(
        (sum, count, k) => sum + Math.abs(count / shape.rows - labels.test[k] / shape.testRows),
        0,
      ) / 2;
    const unseen = labels.classes.filter((_, k) => labels.train[k] === 0 && labels.test[k] > 0);
    if (distance < MAX_DISTANCE && unseen.length === 0) return [];
    return [
      {
        severity: "error",
        where: "data.split",
        says: `The test part is the tail of rows that are sorted by class${unseen.length > 0 ? `, and class ${unseen.slice(0, 3).join(", ")} is in no training row` : ""}; its scores say nothing about the network.`,
        evidence: [
          `class shares of the parts differ by ${percent(distance)} (limit ${percent(MAX_DISTANCE)})`,
          `${labels.runs} runs of equal labels in ${shape.rows + shape.testRows} rows; in random order there would be ${Math.round(expectedRuns)}`,
        ],
        interventions: [
          {
            id: "shuffle-split",
            says: "shuffle the rows before they are split",
            patch: { data: { split: { shuffle: true } } },
          },
        ],
      },
    ];
  },
});
