// batch-norm-gap: with moving statistics instead of the batch's the network does worse on the very
// rows it was trained on: it learned to rely on batches that inference does not have, or the moving
// statistics have not arrived (keras#6014, #7265).

import { placesText } from "../../lint/blocks.ts";
import { changeLayers } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import type { Check } from "../check.ts";
import { latestInferenceGap } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Of the best constant predictor's loss. It is -0.03 to 0.06 after 50 epochs on standardized
 * columns, and 0.35 to 1.8 after 5 on columns as they stand (bench/results/checks-over-cases.md).
 */
const MAX_GAP = 0.1;
/** Keras issues advise 0.9 for short trainings; its default of 0.99 needs hundreds of steps. */
const SHORT_MOMENTUM = 0.9;

export const batchNormGap: Check = {
  id: "batch-norm-gap",
  title: "Batch normalization does otherwise in inference",
  reads: ["inferenceLoss"],
  examine({ variant, runs }) {
    const places = variant.model.layers.flatMap(({ type }, i) =>
      type === "batchNormalization" ? [i] : [],
    );
    if (places.length === 0) return [];
    const seen = seenIn(runs, (run) => {
      const gap = latestInferenceGap(run);
      return gap === undefined ? undefined : gap > MAX_GAP;
    });
    if (!isUsual(seen)) return [];
    const gap = percent(median(seen.runs.map((run) => latestInferenceGap(run)!)));
    return [
      {
        severity: "warning",
        where: placesText(places),
        says: `With moving statistics the training rows' loss is higher than with the batch's by ${gap} of the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          `inference loss minus training loss, on the same rows: ${gap} (limit ${percent(MAX_GAP)})`,
        ],
        interventions: [
          changeLayers(
            variant,
            { id: "less-momentum", says: `take a momentum of ${SHORT_MOMENTUM}` },
            (layer) =>
              layer.type === "batchNormalization"
                ? { ...layer, momentum: Math.min(layer.momentum, SHORT_MOMENTUM) }
                : layer,
          ),
        ],
      },
    ];
  },
};
