// missing-values: cells without a value that reach the network. One NaN makes the loss of its batch
// NaN, and after that step every weight.

import { preprocessFirst } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

export const missingValues = lintCheck({
  id: "missing-values",
  title: "Cells without a value reach the network",
  reads: ["inputs", "shape"],
  examine(variant, { inputs, shape }) {
    const gaps = inputs.filter(({ notFinite }) => notFinite > 0);
    if (gaps.length === 0) return [];
    const cells = gaps.reduce((sum, { notFinite }) => sum + notFinite, 0);
    const names = gaps.map(({ name }) => name);
    const empty = gaps.filter(({ notFinite }) => notFinite === shape.rows).map(({ name }) => name);
    const drop = { data: { drop: [...(variant.data.drop ?? []), ...empty] } };
    const interventions = (["imputeMedian", "imputeMean"] as const).map((step) => {
      const filled = preprocessFirst(variant, [step], {
        id: step === "imputeMean" ? "impute-mean" : "impute-median",
        says: `fill in each column's ${step === "imputeMean" ? "mean" : "median"} over the training part`,
      });
      if (empty.length === 0) return filled;
      const says = `${filled.says}, and leave out ${columnsText(empty)}, which has none`;
      return { ...filled, says, patch: { data: { ...filled.patch.data, ...drop.data } } };
    });
    return [
      {
        severity: "error",
        where: columnsText(names),
        says: `${cells} ${cells === 1 ? "cell" : "cells"} of ${columnsText(names)} ${cells === 1 ? "has" : "have"} no finite value in float32; the first batch that holds one has the loss NaN, and training ends there.`,
        evidence: gaps
          .slice(0, 10)
          .map(({ name, notFinite }) => `${name}: ${notFinite} of ${shape.rows} training rows`),
        interventions,
      },
    ];
  },
});
