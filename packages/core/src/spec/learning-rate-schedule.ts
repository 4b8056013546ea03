// Learning rates that change with the step: the words and settings of Keras's schedules, and the
// one-cycle policy. What a schedule gives at a step is compile/learning-rate-at.ts's business.

import * as z from "zod";

const rate = z.number().positive();
const steps = z.int().positive();
const initial = rate.describe("Rate of the first step (Keras: initial_learning_rate).");
const decaySteps = steps.describe("Optimizer steps of one decay (Keras: decay_steps).");
const staircase = z
  .boolean()
  .default(false)
  .describe("Whether the rate falls once per decaySteps instead of at every step.");
const floor = z.number().min(0).max(1).default(0).describe("Last rate as a share of the first.");

export const learningRateSchema = z.union([
  rate,
  z.discriminatedUnion("schedule", [
    z.strictObject({
      schedule: z
        .literal("piecewiseConstant")
        .describe("Keras PiecewiseConstantDecay: values[i] up to and with step boundaries[i]."),
      boundaries: z
        .array(z.int().min(0))
        .min(1)
        .describe("Optimizer steps after which the next value holds."),
      values: z.array(rate).min(2).describe("Rates, one more than boundaries."),
    }),
    z.strictObject({
      schedule: z
        .literal("exponential")
        .describe("Keras ExponentialDecay: initial x decayRate ^ (step / decaySteps)."),
      initial,
      decaySteps,
      decayRate: rate.describe("Factor of one decay (Keras: decay_rate)."),
      staircase,
    }),
    z.strictObject({
      schedule: z
        .literal("inverseTime")
        .describe("Keras InverseTimeDecay: initial / (1 + decayRate x step / decaySteps)."),
      initial,
      decaySteps,
      decayRate: z.number().min(0).describe("Strength of the decay (Keras: decay_rate)."),
      staircase,
    }),
    z.strictObject({
      schedule: z
        .literal("polynomial")
        .describe("Keras PolynomialDecay: from initial to end over decaySteps."),
      initial,
      decaySteps,
      end: z.number().min(0).default(0.0001).describe("Last rate (Keras: end_learning_rate)."),
      power: rate.default(1).describe("Exponent; 1 is a straight line."),
      cycle: z.boolean().default(false).describe("Whether it starts again beyond decaySteps."),
    }),
    z.strictObject({
      schedule: z
        .literal("cosine")
        .describe("Keras CosineDecay, after a linear warm-up if warmupTarget is set."),
      initial: z.number().min(0).describe("Rate of the first step (initial_learning_rate)."),
      decaySteps,
      alpha: floor,
      warmupTarget: rate
        .optional()
        .describe("Rate at the end of the warm-up (Keras: warmup_target). Absent: no warm-up."),
      warmupSteps: z
        .int()
        .min(0)
        .default(0)
        .describe("Optimizer steps of the warm-up (Keras: warmup_steps)."),
    }),
    z.strictObject({
      schedule: z
        .literal("cosineRestarts")
        .describe("Keras CosineDecayRestarts: falls, starts again, falls slower."),
      initial,
      firstDecaySteps: steps.describe("Steps of the first fall (Keras: first_decay_steps)."),
      tMul: z.number().min(1).default(2).describe("Growth of the falls' lengths (Keras: t_mul)."),
      mMul: rate.default(1).describe("Factor of each restart's rate (Keras: m_mul)."),
      alpha: floor,
    }),
    z.strictObject({
      schedule: z
        .literal("oneCycle")
        .describe("Up by a cosine to peak, then down to almost nothing (PyTorch OneCycleLR)."),
      peak: rate.describe("Highest rate (PyTorch: max_lr)."),
      totalSteps: steps.describe("Optimizer steps of the cycle (PyTorch: total_steps)."),
      upShare: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.3)
        .describe("Share of the steps that go up (PyTorch: pct_start)."),
      initialDivisor: z
        .number()
        .min(1)
        .default(25)
        .describe("Peak over the first rate (PyTorch: div_factor)."),
      finalDivisor: z
        .number()
        .min(1)
        .default(10_000)
        .describe("First over the last rate (PyTorch: final_div_factor)."),
    }),
  ]),
]);

export type LearningRate = z.infer<typeof learningRateSchema>;
export type LearningRateSchedule = Exclude<LearningRate, number>;
