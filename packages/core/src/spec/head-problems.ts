// Can the loss be computed from the last layer and the labels? Pairings that can and train badly
// are the business of lint.

import type { SpecProblem } from "./errors.ts";
import { headOf } from "./head.ts";
import type { Variant } from "./spec.ts";

/** Problems of one variant as far as the spec tells; paths start at the variant's own `model`. */
export function headProblems(variant: Pick<Variant, "data" | "model" | "train">): SpecProblem[] {
  const classes = classCount(variant.data);
  const message = classes >= 2 ? headMisfit(variant, classes) : undefined;
  if (message === undefined) return [];
  const path = ["model", "layers", headOf(variant.model).index, "units"];
  return [{ code: "SPEC_SHAPE_MISMATCH", path, message }];
}

/**
 * Why the loss cannot be computed, and the way out. A single output sees the class's index as the
 * number to hit, as in Keras; several need one each for at least as many classes as there are.
 */
export function headMisfit(
  { model, train }: Pick<Variant, "model" | "train">,
  classes: number,
): string | undefined {
  const { units } = headOf(model).layer;
  const loss = train.loss.name;
  if (units >= classes) return undefined;
  if (units > 1)
    return `is ${units} but the labels have ${classes} classes; set units to ${classes}.`;
  if (loss !== "sparseCategoricalCrossentropy") return undefined;
  return classes === 2
    ? `is 1, so ${loss} knows no class 1; set units to 2, or use binaryCrossentropy with sigmoid.`
    : `is 1 but the labels have ${classes} classes; set units to ${classes}.`;
}

function classCount({ source, labels }: Variant["data"]): number {
  if (source.kind === "numpy") return source.labels.randint.high - source.labels.randint.low;
  // Known when the rows are read; compile asks again then.
  if (source.kind === "table") return 0;
  if (labels === "indices") {
    return source.labels.reduce<number>((most, label) => Math.max(most, Number(label) + 1), 0);
  }
  return new Set(source.labels.map(String)).size;
}
