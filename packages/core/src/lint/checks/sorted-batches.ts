// sorted-batches: rows sorted by class are trained in that order, so that batch after batch holds one
// class only and each undoes what the one before has taught.

import { labelOrder } from "../facts/label-runs.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const sortedBatches = lintCheck({
  id: "sorted-batches",
  title: "Rows sorted by class are trained without shuffling",
  reads: ["labels", "shape"],
  examine({ data, train }, { labels, shape }) {
    // A shuffled split has put the rows in random order already.
    const keepsOrder = data.split === undefined || data.split.shuffle === false;
    if (train.shuffle || !keepsOrder || train.batchSize >= shape.rows) return [];
    const { isSorted, expectedRuns } = labelOrder({ labels, shape });
    if (!isSorted) return [];
    return [
      {
        severity: "warning",
        where: "train.shuffle",
        says: "Rows come sorted by class and are not shuffled, so most batches hold one class only.",
        evidence: [
          `${labels.runs} runs of equal labels; rows in random order would have ${Math.round(expectedRuns)}`,
        ],
        interventions: [
          setTraining("shuffle", "shuffle the rows before each epoch", { shuffle: true }),
        ],
      },
    ];
  },
});
