// batch-norm-lag: training ends before batch normalization's moving statistics have left where they
// start, mean 0 and variance 1, so that inference computes something else than training did
// (keras#6014, #7265; tensorflow#30109).

import { percent } from "../../shared/number-text.ts";
import { placeOf } from "../blocks.ts";
import { changeLayers } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** What is left of the start; at 10% a variance of 100 is still a tenth of the way from 1. */
const MAX_LEFT = 0.1;
/** Keras issues advise 0.9 for short trainings. */
const SHORT_MOMENTUM = 0.9;

export const batchNormLag = lintCheck({
  id: "batch-norm-lag",
  title: "Too few steps for batch normalization's moving statistics",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { epochs, batchSize } = variant.train;
    const steps = epochs * Math.ceil(shape.rows / batchSize);
    const slow = variant.model.layers.flatMap((layer, index) =>
      layer.type === "batchNormalization" && layer.momentum ** steps > MAX_LEFT
        ? [{ index, left: layer.momentum ** steps, momentum: layer.momentum }]
        : [],
    );
    if (slow.length === 0) return [];
    const { left, momentum } = slow[0];
    const places = slow.map(({ index }) => index);
    return [
      {
        severity: "warning",
        where: places.map(placeOf).join(", "),
        says: `After ${steps} steps ${percent(left)} of batch normalization's moving statistics are still their start, so validation sees another network than training.`,
        evidence: [
          `momentum ${momentum} ^ ${steps} steps = ${percent(left)} (limit ${percent(MAX_LEFT)})`,
        ],
        interventions: [
          changeLayers(
            variant,
            { id: "less-momentum", says: `take a momentum of ${SHORT_MOMENTUM}` },
            (layer, i) =>
              places.includes(i) && layer.type === "batchNormalization"
                ? { ...layer, momentum: Math.min(layer.momentum, SHORT_MOMENTUM) }
                : layer,
          ),
        ],
      },
    ];
  },
});
