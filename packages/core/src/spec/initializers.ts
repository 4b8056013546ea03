// Initial weights: Keras's initializers by their TensorFlow.js names. How each draws its numbers is
// engine/initial-parameters.ts's business.

import * as z from "zod";
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
      name: z.enum(["zeros", "ones"]).describe("Every weight 0, or every weight 1."),
    }),
    z.strictObject({
      name: z.literal("constant").describe("Every weight one number."),
      value: z.number().default(0).describe("The number."),
    }),
    z.strictObject({
      name: z
        .enum(["identity", "orthogonal"])
        .describe("The identity matrix, or a random orthogonal one."),
      gain: z.number().default(1).describe("What the matrix is multiplied by."),
    }),
    z.strictObject({
      name: z.literal("randomUniform").describe("Even between two numbers."),
      minval: z.number().default(-0.05).describe("The least weight."),
      maxval: z.number().default(0.05).describe("The largest weight."),
    }),
    z.strictObject({
      name: z
        .enum(["randomNormal", "truncatedNormal"])
        .describe("Normal; the truncated one ends at two standard deviations."),
      mean: z.number().default(0).describe("Mean of the weights."),
      stddev: z.number().min(0).default(0.05).describe("Standard deviation of the weights."),
    }),
    z.strictObject({
      name: z.literal("varianceScaling").describe("Of a variance of scale / fan."),
      scale: z.number().positive().default(1).describe("The numerator of the variance."),
      mode: z
        .enum(["fanIn", "fanOut", "fanAvg"])
        .default("fanIn")
        .describe("The fan: a layer's inputs, its units, or their mean (Keras: fan_in, ...)."),
      distribution: z
        .enum(["truncatedNormal", "untruncatedNormal", "uniform"])
        .default("truncatedNormal")
        .describe("The shape of the distribution (Keras: truncated_normal, ...)."),
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
        .describe(
          "Variance scaling by Glorot (1 / mean of inputs and units), He (2 / inputs) or LeCun (1 / inputs).",
        ),
    }),
  ]),
);

export type Initializer = z.infer<typeof initializerSchema>;
