// sorted-batches: rows sorted by class are trained in that order, so that batch after batch holds one
// class only and each undoes what the one before has taught.

import { trainingOrder } from "../facts/label-runs.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const sortedBatches = lintCheck({
  id: "sorted-batches",
  title: "Rows sorted by class are trained without shuffling",
  reads: ["labels", "shape"],
  examine({ train }, { labels, shape }) {
    if (train.shuffle || train.batchSize >= shape.rows) return [];
    const { isSorted, expectedRuns } = trainingOrder({ labels, shape });
    if (!isSorted) return [];
    return [
      {
        severity: "warning",
        where: "train.shuffle",
        says: "Rows come sorted by class and are not shuffled, so most batches hold one class only.",
        evidence: [
          `${labels.trainRuns} runs of equal labels; rows in random order would have ${Math.round(expectedRuns)}`,
        ],
        interventions: [
          setTraining("shuffle", "shuffle the rows before each epoch", { shuffle: true }),
        ],
      },
    ];
  },
});
