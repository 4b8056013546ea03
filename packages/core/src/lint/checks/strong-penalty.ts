// strong-penalty: the penalties on the weights outweigh the loss from the start, so that the least
// total loss is at weights near 0, which answer the same always.

import { shortNumber } from "../../shared/number-text.ts";
import { blocksOf, initialSd, placeOf } from "../blocks.ts";
import { changeLayers } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Penalty over the loss of an untrained network; TheDeepChecker's limit (TOSEM 2022). */
const MAX_RATIO = 2;
/** Below these a penalty is common and trains; Keras's examples use 0.01 and 0.0001. */
const MIN_L2 = 0.03;
const MIN_L1 = 0.003;
/** Decoupled decay with an adaptive optimizer holds weights near 1 / decay: below 1 it holds them down. */
const MAX_WEIGHT_DECAY = 1;

export const strongPenalty = lintCheck({
  id: "strong-penalty",
  title: "Penalties on the weights outweigh the loss",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { optimizer } = variant.train;
    if (optimizer.weightDecay > MAX_WEIGHT_DECAY) {
      return [
        {
          severity: "warning",
          where: "train.optimizer.weightDecay",
          says: `A weight decay of ${optimizer.weightDecay} holds the weights down: steps of the learning rate's size are in balance with it at ${shortNumber(1 / optimizer.weightDecay)}.`,
          evidence: [`weightDecay ${optimizer.weightDecay} (limit ${MAX_WEIGHT_DECAY})`],
          interventions: [
            {
              id: "less-decay",
              says: "take a weight decay of 0.004, AdamW's default",
              patch: { train: { optimizer: { weightDecay: 0.004 } } },
            },
          ],
        },
      ];
    }
    const penalized = blocksOf(variant.model, shape.inputs).filter(
      ({ layer: { kernelRegularizer: k, activityRegularizer: a } }) =>
        k.l2 >= MIN_L2 || k.l1 >= MIN_L1 || a.l2 >= MIN_L2 || a.l1 >= MIN_L1,
    );
    if (penalized.length === 0) return [];
    const penalty = penalized.reduce((sum, { layer, inputs }) => {
      const { kernelRegularizer: kernel, activityRegularizer: activity, units } = layer;
      const sd = initialSd(layer.kernelInitializer, inputs, units);
      // Mean |w| of a normal weight is sqrt(2 / pi) sd; activities of unit inputs are sd sqrt(inputs).
      const size = Math.sqrt(2 / Math.PI);
      const active = sd * Math.sqrt(inputs);
      return (
        sum +
        inputs * units * (kernel.l2 * sd ** 2 + kernel.l1 * size * sd) +
        units * (activity.l2 * active ** 2 + activity.l1 * size * active)
      );
    }, 0);
    const untrained = Math.log(shape.classes);
    if (penalty < MAX_RATIO * untrained) return [];
    const places = penalized.map(({ index }) => index);
    const none = { l1: 0, l2: 0 };
    return [
      {
        severity: "warning",
        where: places.map(placeOf).join(", "),
        says: `The penalties start at ${shortNumber(penalty)} and the loss at ${shortNumber(untrained)}: the network gains more by making its weights 0 than by learning.`,
        evidence: [
          `penalty / loss at the start = ${shortNumber(penalty / untrained)} (limit ${MAX_RATIO})`,
        ],
        interventions: [
          changeLayers(
            variant,
            { id: "no-penalty", says: "take the penalties away" },
            (layer, i) =>
              places.includes(i) && layer.type === "dense"
                ? { ...layer, kernelRegularizer: none, activityRegularizer: none }
                : layer,
          ),
          changeLayers(variant, { id: "less-l2", says: "take an l2 of 0.0001" }, (layer, i) =>
            places.includes(i) && layer.type === "dense"
              ? { ...layer, kernelRegularizer: { l1: 0, l2: 1e-4 }, activityRegularizer: none }
              : layer,
          ),
        ],
      },
    ];
  },
});
