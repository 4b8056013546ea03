// Learning rates that change with the step: the words and settings of Keras's schedules, and the
// one-cycle policy. What a schedule gives at a step is compile/learning-rate-at.ts's business.

import * as z from "zod/mini";

const rate = z.number().check(z.positive());
const steps = z.int().check(z.positive());
const initial = rate.check(z.describe("Rate of the first step (Keras: initial_learning_rate)."));
const decaySteps = steps.check(z.describe("Optimizer steps of one decay (Keras: decay_steps)."));
const staircase = z
  ._default(z.boolean(), false)
  .check(z.describe("Whether the rate falls once per decaySteps instead of at every step."));
const floor = z
  ._default(z.number().check(z.minimum(0), z.maximum(1)), 0)
  .check(z.describe("Last rate as a share of the first."));

export const learningRateSchema = z.union([
  rate,
  z.discriminatedUnion("schedule", [
    z.strictObject({
      schedule: z
        .literal("piecewiseConstant")
        .check(
          z.describe("Keras PiecewiseConstantDecay: values[i] up to and with step boundaries[i]."),
        ),
      boundaries: z
        .array(z.int().check(z.minimum(0)))
        .check(z.minLength(1), z.describe("Optimizer steps after which the next value holds.")),
      values: z.array(rate).check(z.minLength(2), z.describe("Rates, one more than boundaries.")),
    }),
    z.strictObject({
      schedule: z
        .literal("exponential")
        .check(z.describe("Keras ExponentialDecay: initial x decayRate ^ (step / decaySteps).")),
      initial,
      decaySteps,
      decayRate: rate.check(z.describe("Factor of one decay (Keras: decay_rate).")),
      staircase,
    }),
    z.strictObject({
      schedule: z
        .literal("inverseTime")
        .check(
          z.describe("Keras InverseTimeDecay: initial / (1 + decayRate x step / decaySteps)."),
        ),
      initial,
      decaySteps,
      decayRate: z
        .number()
        .check(z.minimum(0), z.describe("Strength of the decay (Keras: decay_rate).")),
      staircase,
    }),
    z.strictObject({
      schedule: z
        .literal("polynomial")
        .check(z.describe("Keras PolynomialDecay: from initial to end over decaySteps.")),
      initial,
      decaySteps,
      end: z
        ._default(z.number().check(z.minimum(0)), 0.0001)
        .check(z.describe("Last rate (Keras: end_learning_rate).")),
      power: z._default(rate, 1).check(z.describe("Exponent; 1 is a straight line.")),
      cycle: z
        ._default(z.boolean(), false)
        .check(z.describe("Whether it starts again beyond decaySteps.")),
    }),
    z.strictObject({
      schedule: z
        .literal("cosine")
        .check(z.describe("Keras CosineDecay, after a linear warm-up if warmupTarget is set.")),
      initial: z
        .number()
        .check(z.minimum(0), z.describe("Rate of the first step (initial_learning_rate).")),
      decaySteps,
      alpha: floor,
      warmupTarget: z
        .optional(rate)
        .check(
          z.describe("Rate at the end of the warm-up (Keras: warmup_target). Absent: no warm-up."),
        ),
      warmupSteps: z
        ._default(z.int().check(z.minimum(0)), 0)
        .check(z.describe("Optimizer steps of the warm-up (Keras: warmup_steps).")),
    }),
    z.strictObject({
      schedule: z
        .literal("cosineRestarts")
        .check(z.describe("Keras CosineDecayRestarts: falls, starts again, falls slower.")),
      initial,
      firstDecaySteps: steps.check(
        z.describe("Steps of the first fall (Keras: first_decay_steps)."),
      ),
      tMul: z
        ._default(z.number().check(z.minimum(1)), 2)
        .check(z.describe("Growth of the falls' lengths (Keras: t_mul).")),
      mMul: z._default(rate, 1).check(z.describe("Factor of each restart's rate (Keras: m_mul).")),
      alpha: floor,
    }),
    z.strictObject({
      schedule: z
        .literal("oneCycle")
        .check(
          z.describe("Up by a cosine to peak, then down to almost nothing (PyTorch OneCycleLR)."),
        ),
      peak: rate.check(z.describe("Highest rate (PyTorch: max_lr).")),
      totalSteps: steps.check(z.describe("Optimizer steps of the cycle (PyTorch: total_steps).")),
      upShare: z
        ._default(z.number().check(z.gt(0), z.lt(1)), 0.3)
        .check(z.describe("Share of the steps that go up (PyTorch: pct_start).")),
      initialDivisor: z
        ._default(z.number().check(z.minimum(1)), 25)
        .check(z.describe("Peak over the first rate (PyTorch: div_factor).")),
      finalDivisor: z
        ._default(z.number().check(z.minimum(1)), 10_000)
        .check(z.describe("First over the last rate (PyTorch: final_div_factor).")),
    }),
  ]),
]);

export type LearningRate = z.infer<typeof learningRateSchema>;
export type LearningRateSchedule = Exclude<LearningRate, number>;
