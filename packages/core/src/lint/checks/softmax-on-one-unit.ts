// softmax-on-one-unit: softmax divides each output by the sum of all; of one output that is 1,
// whatever the input, and its gradient is 0 (keras questions 31880720, 66407123).

import { headOf } from "../../spec/head.ts";
import { headActivation, placeOf } from "../blocks.ts";
import { fittingHead, setHead } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const softmaxOnOneUnit = lintCheck({
  id: "softmax-on-one-unit",
  title: "Softmax over a single output",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { layer, index } = headOf(variant.model);
    if (layer.units !== 1 || headActivation(variant.model) !== "softmax") return [];
    return [
      {
        severity: "error",
        where: placeOf(index),
        says: "Softmax over one output is 1 for every row, so the network answers the same always and learns nothing.",
        evidence: ["1 output; exp(z) / exp(z) = 1"],
        interventions: [setHead(variant, fittingHead(shape.classes))],
      },
    ];
  },
});
