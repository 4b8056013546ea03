// Does the last layer fit the loss and the labels? Only pairings that cannot be computed at all
// are refused here. Pairings that train badly are what the doctor is for.

import type { SpecProblem } from "./errors.ts";
import { headOf } from "./head.ts";
import type { Variant } from "./spec.ts";

/** Problems of one variant; paths start at the variant's own `model` or `train`. */
export function headProblems(variant: Pick<Variant, "data" | "model" | "train">): SpecProblem[] {
  const { layer, index } = headOf(variant.model);
  const { units } = layer;
  const loss = variant.train.loss.name;
  const classes = classCount(variant.data);
  if (classes === undefined || classes < 2) return [];
  const mismatch = (message: string): SpecProblem[] => [
    { code: "SPEC_SHAPE_MISMATCH", path: ["model", "layers", index, "units"], message },
  ];
  if (loss === "sparseCategoricalCrossentropy") {
    if (units >= classes) return [];
    return mismatch(
      units === 1 && classes === 2
        ? `is 1, so sparseCategoricalCrossentropy knows no class 1; set units to 2, or use binaryCrossentropy with sigmoid.`
        : `is ${units} but the labels have ${classes} classes; set units to ${classes}.`,
    );
  }
  if (units === 1 && classes === 2) return [];
  if (units === classes) return [];
  return mismatch(
    classes === 2
      ? `is ${units}; ${loss} on 2 classes needs 1 unit, or 2 with one-hot labels.`
      : `is ${units} but the labels have ${classes} classes; set units to ${classes}${
          units === 1 ? " and the loss to sparseCategoricalCrossentropy with softmax" : ""
        }.`,
  );
}

/** Number of classes, where the spec alone tells. */
function classCount(data: Variant["data"]): number | undefined {
  const { source } = data;
  if (source.kind === "inline") return new Set(source.labels.map(String)).size;
  const { low, high } = source.labels.randint;
  return high - low;
}
