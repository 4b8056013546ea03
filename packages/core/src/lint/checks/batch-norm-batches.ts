// batch-norm-batches: batch normalization over batches of one row, whose variance is 0: its output is
// its own offset, whatever came in.

import { placeOf } from "../blocks.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const batchNormBatches = lintCheck({
  id: "batch-norm-batches",
  title: "Batch normalization over batches of one row",
  reads: ["shape"],
  examine({ model, train }, { shape }) {
    const places = model.layers.flatMap(({ type }, i) =>
      type === "batchNormalization" ? [i] : [],
    );
    if (places.length === 0) return [];
    const batch = Math.min(train.batchSize, shape.rows);
    const where = places.map(placeOf).join(", ");
    if (batch === 1) {
      return [
        {
          severity: "error",
          where,
          says: "Batches hold one row, so batch normalization subtracts it from itself and nothing gets through.",
          evidence: [`batchSize ${train.batchSize}; the variance of one row is 0`],
          interventions: [setTraining("larger-batch", "take batches of 32", { batchSize: 32 })],
        },
      ];
    }
    if (shape.rows % batch !== 1) return [];
    return [
      {
        severity: "note",
        where,
        says: "The last batch of each epoch holds one row, of which batch normalization makes 0.",
        evidence: [`${shape.rows} training rows in batches of ${batch}`],
        interventions: [
          setTraining("other-batch", `take batches of ${batch + 1}`, { batchSize: batch + 1 }),
        ],
      },
    ];
  },
});
