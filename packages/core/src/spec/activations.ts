// How an activation is written, and what can be set on it.

import * as z from "zod/mini";
import { named } from "./shorthand.ts";
import { ACTIVATIONS } from "./words.ts";

/** A name, or an object with the name and its alpha. */
export const activationSchema = named(
  ACTIVATIONS,
  z.strictObject({
    name: z
      .enum(ACTIVATIONS)
      .check(z.describe("The function, by its name in TensorFlow.js layers.")),
    alpha: z
      .optional(z.number())
      .check(
        z.describe(
          "Slope of leakyReLU below 0 (Keras: negative_slope), scale of elu, first slope of prelu. Absent: 0.3, 1 and 0.",
        ),
      ),
  }),
);
