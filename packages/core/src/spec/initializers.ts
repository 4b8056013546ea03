// Initial weights: Keras's initializers by their TensorFlow.js names. How each draws its numbers is
// engine/initial-parameters.ts's business.

import { z } from "zod";

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
export const initializerSchema = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.discriminatedUnion("name", [
    z.strictObject({ name: z.enum(["zeros", "ones"]) }),
    z.strictObject({ name: z.literal("constant"), value: z.number().default(0) }),
    z.strictObject({ name: z.enum(["identity", "orthogonal"]), gain: z.number().default(1) }),
    z.strictObject({
      name: z.literal("randomUniform"),
      minval: z.number().default(-0.05),
      maxval: z.number().default(0.05),
    }),
    z.strictObject({
      name: z.enum(["randomNormal", "truncatedNormal"]),
      mean: z.number().default(0),
      stddev: z.number().min(0).default(0.05),
    }),
    z.strictObject({
      name: z.literal("varianceScaling"),
      scale: z.number().positive().default(1),
      mode: z.enum(["fanIn", "fanOut", "fanAvg"]).default("fanIn"),
      distribution: z
        .enum(["truncatedNormal", "untruncatedNormal", "uniform"])
        .default("truncatedNormal"),
    }),
    z.strictObject({
      name: z.enum([
        "glorotUniform",
        "glorotNormal",
        "heUniform",
        "heNormal",
        "leCunUniform",
        "leCunNormal",
      ]),
    }),
  ]),
);

export type Initializer = z.infer<typeof initializerSchema>;
