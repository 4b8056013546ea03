// The optimizers with Keras 3's names, defaults and common settings; formulas stand in
// docs/training-semantics.md.

import { z } from "zod";

const positive = z.number().positive();
const share = z.number().min(0).lt(1);
const epsilon = positive.default(1e-7);

/** What every optimizer of Keras takes. */
const common = {
  /** Decoupled: w -= lr weightDecay w before the update. */
  weightDecay: z.number().min(0).default(0),
  /** Each gradient element is clipped to [-clipValue, clipValue]. */
  clipValue: positive.optional(),
  /** Each tensor's gradient is scaled down to this norm. */
  clipNorm: positive.optional(),
  /** All gradients together are scaled down to this norm. */
  globalClipNorm: positive.optional(),
};

const betas = { beta1: share.default(0.9), beta2: share.default(0.999), epsilon };

/** A name for Keras's defaults, or an object with the settings. */
export const optimizerSchema = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.discriminatedUnion("name", [
    z.strictObject({
      name: z.literal("sgd"),
      momentum: share.default(0),
      nesterov: z.boolean().default(false),
      ...common,
    }),
    z.strictObject({
      name: z.literal("adam"),
      ...betas,
      amsgrad: z.boolean().default(false),
      ...common,
    }),
    z.strictObject({
      name: z.literal("adamw"),
      ...betas,
      amsgrad: z.boolean().default(false),
      ...common,
      weightDecay: z.number().min(0).default(0.004),
    }),
    z.strictObject({ name: z.literal("nadam"), ...betas, ...common }),
    z.strictObject({ name: z.literal("adamax"), ...betas, ...common }),
    z.strictObject({
      name: z.literal("rmsprop"),
      rho: share.default(0.9),
      momentum: share.default(0),
      epsilon,
      centered: z.boolean().default(false),
      ...common,
    }),
    z.strictObject({
      name: z.literal("adagrad"),
      initialAccumulator: z.number().min(0).default(0.1),
      epsilon,
      ...common,
    }),
    z.strictObject({ name: z.literal("adadelta"), rho: share.default(0.95), epsilon, ...common }),
    z.strictObject({
      name: z.literal("lion"),
      beta1: share.default(0.9),
      beta2: share.default(0.99),
      ...common,
    }),
  ]),
);
