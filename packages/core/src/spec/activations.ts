// The activations, by their names in TensorFlow.js layers, and what can be set on them. TensorFlow.js
// has no `exponential`; the name is Keras's.

import * as z from "zod";
import { named } from "./shorthand.ts";

export const ACTIVATIONS = [
  "linear",
  "relu",
  "leakyReLU",
  "prelu",
  "elu",
  "selu",
  "gelu",
  "geluTanh",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "softplus",
  "softsign",
  "swish",
  "mish",
  "exponential",
  "softmax",
] as const;

export type Activation = (typeof ACTIVATIONS)[number];

/** Slope or scale where the activation has one: Keras's layers' defaults. */
export const DEFAULT_ALPHA: Partial<Record<Activation, number>> = {
  leakyReLU: 0.3,
  prelu: 0,
  elu: 1,
};

/** A name, or an object with the name and its alpha. */
export const activationSchema = named(
  ACTIVATIONS,
  z.strictObject({
    name: z.enum(ACTIVATIONS).describe("The function, by its name in TensorFlow.js layers."),
    alpha: z
      .number()
      .optional()
      .describe(
        "Slope of leakyReLU below 0 (Keras: negative_slope), scale of elu, first slope of prelu. Absent: 0.3, 1 and 0.",
      ),
  }),
);
