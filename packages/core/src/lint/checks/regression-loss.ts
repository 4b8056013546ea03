// regression-loss: a loss for quantities on a task of classes. Its gradient vanishes where a sigmoid
// or softmax is sure and wrong, which is where a cross-entropy's is largest.

import { headOf } from "../../spec/head.ts";
import { fittingHead, setHead } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const regressionLoss = lintCheck({
  id: "regression-loss",
  title: "A loss for quantities on a task of classes",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { name } = variant.train.loss;
    if (name !== "meanSquaredError" && name !== "meanAbsoluteError") return [];
    const { units } = headOf(variant.model).layer;
    // head-units speaks of one output for many classes.
    if (units === 1 && shape.classes > 2) return [];
    const fix = units === 1 ? fittingHead(2) : fittingHead(Math.max(units, 3));
    const isAbsolute = name === "meanAbsoluteError";
    return [
      {
        // Squared error trains as well as cross-entropy in a verified case of the benchmark
        // (so-34673164); absolute error costs another 0.11 of accuracy (inj-circle-loss-mae).
        severity: isAbsolute ? "warning" : "note",
        where: "train.loss",
        says: isAbsolute
          ? "meanAbsoluteError is least at the most frequent class, not at its probability, and passes little gradient where the network is sure and wrong."
          : "meanSquaredError passes little gradient where the network is sure and wrong; a cross-entropy is made for classes.",
        evidence: [`loss ${name}, ${shape.classes} classes`],
        interventions: [setHead(variant, units === 2 ? { ...fix, units: 2 } : fix)],
      },
    ];
  },
});
