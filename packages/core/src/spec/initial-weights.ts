// Weights that networks start from: which file they stand in. Whoever may read files does it and
// passes the weights along; the description is what a spec keeps of it.

import * as z from "zod/mini";
import { preprocess } from "./preprocess.ts";
import { shortForms } from "./shorthand.ts";

const described = z.strictObject({
  path: z
    .string()
    .check(
      z.minLength(1),
      z.describe("The file: .keras, .h5 or the model.json of TensorFlow.js. Relative to the spec."),
    ),
  skipMismatch: z
    ._default(z.boolean(), false)
    .check(
      z.describe(
        "Layers of other shapes start as drawn, instead of being a problem (skip_mismatch).",
      ),
    ),
  digest: z
    .optional(z.string())
    .check(z.describe("SHA-256 of the file, so that no other is taken for it. Absent: any is.")),
});

/** A path alone, or an object with it. */
export const initialWeightsSchema = preprocess(
  (value) => (typeof value === "string" ? { path: value } : value),
  described,
);
shortForms.add(initialWeightsSchema, { forms: [{ type: "string", minLength: 1 }] });

export type InitialWeights = z.infer<typeof described>;
