// Learning rates that change with the step: the words and settings of Keras's schedules, and the
// one-cycle policy. What a schedule gives at a step is compile/learning-rate-at.ts's business.

import { z } from "zod";

const rate = z.number().positive();
const steps = z.int().positive();

export const learningRateSchema = z.union([
  rate,
  z.discriminatedUnion("schedule", [
    /** Keras PiecewiseConstantDecay: `values[i]` until and including step `boundaries[i]`. */
    z.strictObject({
      schedule: z.literal("piecewiseConstant"),
      boundaries: z.array(z.int().min(0)).min(1),
      values: z.array(rate).min(2),
    }),
    /** Keras ExponentialDecay; with `staircase` the rate falls once per `decaySteps`. */
    z.strictObject({
      schedule: z.literal("exponential"),
      initial: rate,
      decaySteps: steps,
      decayRate: rate,
      staircase: z.boolean().default(false),
    }),
    /** Keras InverseTimeDecay. */
    z.strictObject({
      schedule: z.literal("inverseTime"),
      initial: rate,
      decaySteps: steps,
      decayRate: z.number().min(0),
      staircase: z.boolean().default(false),
    }),
    /** Keras PolynomialDecay. */
    z.strictObject({
      schedule: z.literal("polynomial"),
      initial: rate,
      decaySteps: steps,
      end: z.number().min(0).default(0.0001),
      power: rate.default(1),
      cycle: z.boolean().default(false),
    }),
    /** Keras CosineDecay, with its linear warm-up from `initial` to `warmupTarget`. */
    z.strictObject({
      schedule: z.literal("cosine"),
      initial: z.number().min(0),
      decaySteps: steps,
      alpha: z.number().min(0).max(1).default(0),
      warmupTarget: rate.optional(),
      warmupSteps: z.int().min(0).default(0),
    }),
    /** Keras CosineDecayRestarts. */
    z.strictObject({
      schedule: z.literal("cosineRestarts"),
      initial: rate,
      firstDecaySteps: steps,
      tMul: z.number().min(1).default(2),
      mMul: rate.default(1),
      alpha: z.number().min(0).max(1).default(0),
    }),
    /** Up by a cosine to `peak` over `upShare` of the steps, then down to almost nothing. */
    z.strictObject({
      schedule: z.literal("oneCycle"),
      peak: rate,
      totalSteps: steps,
      upShare: z.number().gt(0).lt(1).default(0.3),
      initialDivisor: z.number().min(1).default(25),
      finalDivisor: z.number().min(1).default(10_000),
    }),
  ]),
]);

export type LearningRate = z.infer<typeof learningRateSchema>;
export type LearningRateSchedule = Exclude<LearningRate, number>;
