// The layers that a model lists, with Keras's names and defaults. Dense layers and what stands
// between them run on every engine; compile/blocks.ts folds them into blocks.

import { z } from "zod";
import { activationSchema } from "./activations.ts";
import { initializerSchema } from "./initializers.ts";

const share = z.number().min(0).lt(1);

const regularizer = z
  .strictObject({ l1: z.number().min(0).default(0), l2: z.number().min(0).default(0) })
  .prefault({});

const denseLayer = z.strictObject({
  type: z.literal("dense").default("dense"),
  units: z.int().min(1).max(4096),
  activation: activationSchema.prefault("linear"),
  useBias: z.boolean().default(true),
  kernelInitializer: initializerSchema.prefault("glorotUniform"),
  biasInitializer: initializerSchema.prefault("zeros"),
  kernelRegularizer: regularizer,
  biasRegularizer: regularizer,
  activityRegularizer: regularizer,
});

const normalization = {
  epsilon: z.number().positive().default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
};

export const layerSchema = z.union([
  denseLayer,
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("activation"), activation: activationSchema }),
    z.strictObject({ type: z.literal("dropout"), rate: share }),
    z.strictObject({ type: z.literal("alphaDropout"), rate: share }),
    z.strictObject({ type: z.literal("gaussianNoise"), stddev: z.number().min(0) }),
    z.strictObject({
      type: z.literal("batchNormalization"),
      momentum: z.number().min(0).max(1).default(0.99),
      ...normalization,
    }),
    z.strictObject({ type: z.literal("layerNormalization"), ...normalization }),
    /** Adds the output of the layer at this place in the list, counted from 0, of equal width. */
    z.strictObject({ type: z.literal("add"), from: z.int().min(0) }),
  ]),
]);
