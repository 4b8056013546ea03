// The activations, by their names in TensorFlow.js layers, and what can be set on them.

import { z } from "zod";

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
  "softmax",
] as const;

export type Activation = (typeof ACTIVATIONS)[number];

/** Slope or scale where the activation has one: Keras's layers' defaults. */
export const DEFAULT_ALPHA: Partial<Record<Activation, number>> = {
  leakyReLU: 0.3,
  prelu: 0,
  elu: 1,
};

/** A name, or an object with the name and its alpha: the slope of leakyReLU, the scale of elu. */
export const activationSchema = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.strictObject({ name: z.enum(ACTIVATIONS), alpha: z.number().optional() }),
);
