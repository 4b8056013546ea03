// double-softmax: the output is made probabilities twice, once by the head and once inside the loss
// that was told to read logits. Probabilities as logits differ by 1 at most, so the loss cannot
// come near 0 and its gradients are small.

import { shortNumber } from "../../shared/number-text.ts";
import { headOf } from "../../spec/head.ts";
import { headActivation, placeOf } from "../blocks.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const doubleSoftmax = lintCheck({
  id: "double-softmax",
  title: "The loss reads probabilities as logits",
  reads: [],
  examine({ model, train }) {
    const activation = headActivation(model);
    const { layer, index } = headOf(model);
    const { name, fromLogits } = train.loss;
    if (!fromLogits || !/crossentropy/i.test(name)) return [];
    if (activation !== "softmax" && activation !== "sigmoid") return [];
    const { units } = layer;
    // The best that logits between 0 and 1 can do: all of it on the right class.
    const isCategorical = /categorical/i.test(name);
    const least = isCategorical
      ? Math.log1p((units - 1) * Math.exp(-1))
      : (Math.LN2 + Math.log1p(Math.exp(-1))) / 2;
    return [
      {
        severity: "warning",
        where: placeOf(index),
        says: `The head ends in ${activation} and the loss reads its outputs as logits: they are squashed twice, and the loss cannot fall below ${shortNumber(least)}.`,
        evidence: [
          `logits between 0 and 1: least ${isCategorical ? "cross-entropy" : "cross-entropy over even classes"} ${shortNumber(least)}, of an untrained head ${shortNumber(isCategorical ? Math.log(units) : Math.LN2)}`,
        ],
        interventions: [
          setTraining("not-from-logits", "tell the loss that it gets probabilities", {
            loss: { fromLogits: false },
          }),
        ],
      },
    ];
  },
});
