// Labels that a network's head has no output for. On a GPU an index out of range is clamped or
// zeroed without a word, so this is settled before anything is uploaded.

import type { Dataset } from "../dataset/dataset.ts";
import { SpecError } from "../spec/errors.ts";
import { headOf } from "../spec/head.ts";
import { headMisfit } from "../spec/head-problems.ts";
import { BASELINE } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";

/** @throws SpecError (SPEC_SHAPE_MISMATCH) */
export function labelProblems(variant: Variant, dataset: Dataset): void {
  const message = headMisfit(variant, dataset.classes.length);
  if (message === undefined) return;
  const prefix = variant.name === BASELINE ? [] : ["variants", variant.name];
  const path = [...prefix, "model", "layers", headOf(variant.model).index, "units"];
  throw new SpecError([{ code: "SPEC_SHAPE_MISMATCH", path, message }]);
}
