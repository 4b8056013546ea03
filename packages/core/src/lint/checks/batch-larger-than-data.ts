// batch-larger-than-data: one batch holds every row, so an epoch is one step.

import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const batchLargerThanData = lintCheck({
  id: "batch-larger-than-data",
  title: "The batch is larger than the training part",
  reads: ["shape"],
  examine({ train }, { shape }) {
    if (train.batchSize <= shape.rows) return [];
    const smaller = 2 ** Math.max(0, Math.floor(Math.log2(shape.rows / 4)));
    return [
      {
        severity: "note",
        where: "train.batchSize",
        says: `A batch of ${train.batchSize} holds all ${shape.rows} training rows, so ${train.epochs} epochs are ${train.epochs} steps.`,
        evidence: [`batchSize ${train.batchSize}, ${shape.rows} training rows`],
        interventions: [
          setTraining("smaller-batch", `take batches of ${smaller}`, { batchSize: smaller }),
        ],
      },
    ];
  },
});
