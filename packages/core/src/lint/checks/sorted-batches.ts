// sorted-batches: rows sorted by class are trained in that order, so that batch after batch holds one
// class only and each undoes what the one before has taught.

import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Runs of equal labels, as a share of what independent labels would have on average. */
const MAX_SHARE_OF_RUNS = 0.25;

export const sortedBatches = lintCheck({
  id: "sorted-batches",
  title: "Rows sorted by class are trained without shuffling",
  reads: ["labels", "shape"],
  examine({ data, train }, { labels, shape }) {
    // A shuffled split has put the rows in random order already.
    const keepsOrder = data.split === undefined || data.split.shuffle === false;
    if (train.shuffle || !keepsOrder || train.batchSize >= shape.rows) return [];
    const counts = labels.train.map((count, k) => count + labels.test[k]);
    const rows = shape.rows + shape.testRows;
    // Wald and Wolfowitz (1940), for any number of classes: 1 + n (1 - sum of squared shares).
    const expected = 1 + rows * (1 - counts.reduce((sum, count) => sum + (count / rows) ** 2, 0));
    if (labels.runs > MAX_SHARE_OF_RUNS * expected) return [];
    return [
      {
        severity: "warning",
        where: "train.shuffle",
        says: "Rows come sorted by class and are not shuffled, so most batches hold one class only.",
        evidence: [
          `${labels.runs} runs of equal labels; rows in random order would have ${Math.round(expected)}`,
        ],
        interventions: [
          setTraining("shuffle", "shuffle the rows before each epoch", { shuffle: true }),
        ],
      },
    ];
  },
});
