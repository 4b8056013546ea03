// Initial weights: Keras's initializers by their TensorFlow.js names. How each draws its numbers is
// engine/initial-parameters.ts's business.

import * as z from "zod/mini";
import { named } from "./shorthand.ts";

export const INITIALIZERS = [
  "zeros",
  "ones",
  "constant",
  "identity",
  "orthogonal",
  "randomUniform",
  "randomNormal",
  "truncatedNormal",
  "varianceScaling",
  "glorotUniform",
  "glorotNormal",
  "heUniform",
  "heNormal",
  "leCunUniform",
  "leCunNormal",
] as const;

/** A name for Keras's defaults, or an object with the settings. */
export const initializerSchema = named(
  INITIALIZERS,
  z.discriminatedUnion("name", [
    z.strictObject({
      name: z.enum(["zeros", "ones"]).check(z.describe("Every weight 0, or every weight 1.")),
    }),
    z.strictObject({
      name: z.literal("constant").check(z.describe("Every weight one number.")),
      value: z._default(z.number(), 0).check(z.describe("The number.")),
    }),
    z.strictObject({
      name: z
        .enum(["identity", "orthogonal"])
        .check(z.describe("The identity matrix, or a random orthogonal one.")),
      gain: z._default(z.number(), 1).check(z.describe("What the matrix is multiplied by.")),
    }),
    z.strictObject({
      name: z.literal("randomUniform").check(z.describe("Even between two numbers.")),
      minval: z._default(z.number(), -0.05).check(z.describe("The least weight.")),
      maxval: z._default(z.number(), 0.05).check(z.describe("The largest weight.")),
    }),
    z.strictObject({
      name: z
        .enum(["randomNormal", "truncatedNormal"])
        .check(z.describe("Normal; the truncated one ends at two standard deviations.")),
      mean: z._default(z.number(), 0).check(z.describe("Mean of the weights.")),
      stddev: z
        ._default(z.number().check(z.minimum(0)), 0.05)
        .check(z.describe("Standard deviation of the weights.")),
    }),
    z.strictObject({
      name: z.literal("varianceScaling").check(z.describe("Of a variance of scale / fan.")),
      scale: z
        ._default(z.number().check(z.positive()), 1)
        .check(z.describe("The numerator of the variance.")),
      mode: z
        ._default(z.enum(["fanIn", "fanOut", "fanAvg"]), "fanIn")
        .check(
          z.describe("The fan: a layer's inputs, its units, or their mean (Keras: fan_in, ...)."),
        ),
      distribution: z
        ._default(z.enum(["truncatedNormal", "untruncatedNormal", "uniform"]), "truncatedNormal")
        .check(z.describe("The shape of the distribution (Keras: truncated_normal, ...).")),
    }),
    z.strictObject({
      name: z
        .enum([
          "glorotUniform",
          "glorotNormal",
          "heUniform",
          "heNormal",
          "leCunUniform",
          "leCunNormal",
        ])
        .check(
          z.describe(
            "Variance scaling by Glorot (1 / mean of inputs and units), He (2 / inputs) or LeCun (1 / inputs).",
          ),
        ),
    }),
  ]),
);

export type Initializer = z.infer<typeof initializerSchema>;
