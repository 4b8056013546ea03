// Labels that a network's head has no output for. On a GPU an index out of range is clamped or
// zeroed without a word, so this is settled before anything is uploaded.

import type { Dataset } from "../dataset/dataset.ts";
import { SpecError } from "../spec/errors.ts";
import { headOf } from "../spec/head.ts";
import type { Variant } from "../spec/spec.ts";

/** @throws SpecError (SPEC_SHAPE_MISMATCH) */
export function labelProblems(variant: Variant, dataset: Dataset): void {
  const { layer, index } = headOf(variant.model);
  const { units } = layer;
  const classes = dataset.classes.length;
  const fits =
    variant.train.loss.name === "sparseCategoricalCrossentropy"
      ? units >= classes
      : units === classes || (units === 1 && classes === 2);
  if (fits) return;
  throw new SpecError([
    {
      code: "SPEC_SHAPE_MISMATCH",
      path: ["variants", variant.name, "model", "layers", index, "units"],
      message: `is ${units} but the data has ${classes} classes; set units to ${classes}.`,
    },
  ]);
}
