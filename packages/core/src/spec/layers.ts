// The layers that a model lists, with Keras's names and defaults. Dense layers and what stands
// between them run on every engine; compile/blocks.ts folds them into blocks.

import { z } from "zod";
import { activationSchema } from "./activations.ts";
import { initializerSchema } from "./initializers.ts";

const share = z
  .number()
  .min(0)
  .lt(1)
  .describe("Share of the values that is dropped, 0 to below 1, in training only.");

function regularizer(of: string) {
  return z
    .strictObject({
      l1: z.number().min(0).default(0).describe("Factor of the sum of sizes."),
      l2: z.number().min(0).default(0).describe("Factor of the sum of squares."),
    })
    .prefault({})
    .describe(`Penalty on ${of}, added to the loss.`);
}

const denseLayer = z.strictObject({
  type: z.literal("dense").default("dense").describe("A dense layer; `type` may be left out."),
  units: z.int().min(1).max(4096).describe("Number of outputs of the layer."),
  activation: activationSchema
    .prefault("linear")
    .describe("Function of the layer's outputs: a name, or an object with its alpha."),
  useBias: z.boolean().default(true).describe("Whether a bias is added (Keras: use_bias)."),
  kernelInitializer: initializerSchema
    .prefault("glorotUniform")
    .describe("First weights of the kernel (Keras: kernel_initializer)."),
  biasInitializer: initializerSchema
    .prefault("zeros")
    .describe("First weights of the bias (Keras: bias_initializer)."),
  kernelRegularizer: regularizer("the kernel (Keras: kernel_regularizer)"),
  biasRegularizer: regularizer("the bias (Keras: bias_regularizer)"),
  activityRegularizer: regularizer(
    "the activated outputs, per sample (Keras: activity_regularizer)",
  ),
});

const normalization = {
  epsilon: z.number().positive().default(1e-3).describe("Added to the variance under the root."),
  center: z.boolean().default(true).describe("Whether a trained beta is added."),
  scale: z.boolean().default(true).describe("Whether a trained gamma multiplies."),
};

export const layerSchema = z.union([
  denseLayer,
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("activation").describe("A function of each value, or a softmax."),
      activation: activationSchema.describe("A name, or an object with its alpha."),
    }),
    z.strictObject({
      type: z.literal("dropout").describe("Dropout, inverted: what is kept is scaled up."),
      rate: share,
    }),
    z.strictObject({
      type: z
        .literal("alphaDropout")
        .describe("Dropout that keeps selu's mean and variance (Keras: AlphaDropout)."),
      rate: share,
    }),
    z.strictObject({
      type: z.literal("gaussianNoise").describe("Normal noise, added in training only."),
      stddev: z.number().min(0).describe("Standard deviation of the noise."),
    }),
    z.strictObject({
      type: z
        .literal("batchNormalization")
        .describe("Each unit to mean 0 and variance 1 over the batch."),
      momentum: z
        .number()
        .min(0)
        .max(1)
        .default(0.99)
        .describe("Share of the old moving mean and variance that a step keeps."),
      ...normalization,
    }),
    z.strictObject({
      type: z
        .literal("layerNormalization")
        .describe("Each sample to mean 0 and variance 1 over its units."),
      ...normalization,
    }),
    z.strictObject({
      type: z.literal("add").describe("A residual connection: an earlier output is added."),
      from: z
        .int()
        .min(0)
        .describe("Place in the list of layers, from 0, of the one whose output is added."),
    }),
  ]),
]);
