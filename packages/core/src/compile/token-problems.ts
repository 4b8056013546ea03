// Rows that an embedding cannot read. A gather past the end of its table gives any number at all on
// a GPU, so this is settled before anything is uploaded.

import type { Dataset } from "../dataset/dataset.ts";
import { SpecError } from "../spec/errors.ts";
import type { Network } from "./plan.ts";

/** @throws SpecError (SPEC_BAD_DATA), naming the first value that is no token. */
export function tokenProblems({ layers, inputs }: Network, dataset: Dataset): void {
  const { transform } = layers[0];
  if (transform?.kind !== "embedding") return;
  const { inputDim } = transform;
  for (const { x } of [dataset.train, dataset.test]) {
    const at = x.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < inputDim));
    if (at === -1) continue;
    throw new SpecError([
      {
        code: "SPEC_BAD_DATA",
        path: ["data"],
        message: `has ${x[at]} in column ${dataset.columns[at % inputs].name}; an embedding with inputDim ${inputDim} takes whole numbers from 0 to ${inputDim - 1}.`,
      },
    ]);
  }
}
