// learning-rate-range: a learning rate outside what the optimizer is ever used with.

import { learningRateAt } from "../../compile/learning-rate-at.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { DEFAULT_LEARNING_RATE, type OptimizerSpec, type Variant } from "../../spec/spec.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/**
 * Wide on purpose: the benchmark's proven fixes reach from 0.001 to 0.1 with Adam and to 0.5 with
 * SGD, its faults begin at 1 and 10. An adaptive step is about the rate itself, whatever the
 * gradient, against weights that start at about 0.1. Below, a rate needs a million steps; of that
 * `too-few-steps` speaks.
 */
const SENSIBLE: Readonly<Record<OptimizerSpec["name"], readonly [number, number]>> = {
  sgd: [1e-6, 1],
  adam: [1e-7, 0.1],
  adamw: [1e-7, 0.1],
  nadam: [1e-7, 0.1],
  adamax: [1e-7, 0.2],
  rmsprop: [1e-7, 0.1],
  // Its steps only shrink, so that it stands more at the start.
  adagrad: [1e-5, 0.5],
  // Zeiler's method has rate 1; Keras's default of 0.001 slows it a thousandfold.
  adadelta: [0.01, 10],
  // A step is the rate's sign: a third to a tenth of Adam's (Chen et al. 2023).
  lion: [1e-8, 0.01],
};

/** What to take instead, where Keras's default is no good. */
const SUGGESTED: Partial<Record<OptimizerSpec["name"], number>> = { adadelta: 1, lion: 1e-4 };

export const learningRateRange = lintCheck({
  id: "learning-rate-range",
  title: "A learning rate outside the optimizer's range",
  reads: [],
  examine(variant) {
    const { optimizer } = variant.train;
    const rate = largestRate(variant);
    const [low, high] = SENSIBLE[optimizer.name];
    const side = sideOfRange(variant);
    if (side === "inside") return [];
    const isHigh = side === "above";
    const suggested = SUGGESTED[optimizer.name] ?? DEFAULT_LEARNING_RATE[optimizer.name];
    return [
      {
        severity: "warning",
        where: "train.learningRate",
        says: isHigh
          ? `${optimizer.name} at ${shortNumber(rate)} makes steps larger than the weights are; it will swing or diverge.`
          : `${optimizer.name} at ${shortNumber(rate)} hardly moves.`,
        evidence: [
          `learning rate ${shortNumber(rate)}, sensible for ${optimizer.name}: ${low} to ${high}`,
        ],
        interventions: [
          setTraining("learning-rate", `take ${suggested}`, { learningRate: suggested }),
        ],
      },
    ];
  },
});

/** Where a variant's largest rate lies, seen from its optimizer's range. */
export function sideOfRange(variant: Variant): "above" | "below" | "inside" {
  const { optimizer } = variant.train;
  const rate = largestRate(variant);
  const [low, high] = SENSIBLE[optimizer.name];
  // In the long run a step is rate / (1 - momentum); the range allows for a momentum of 0.9.
  const momentum = "momentum" in optimizer ? optimizer.momentum : 0;
  if (rate > high * Math.min(1, 10 * (1 - momentum))) return "above";
  return rate < low ? "below" : "inside";
}

/** The largest rate of a schedule's steps; schedules rise to a peak or fall from the start. */
function largestRate({ train: { learningRate } }: Variant): number {
  if (typeof learningRate === "number") return learningRate;
  if (learningRate.schedule === "oneCycle") return learningRate.peak;
  if (learningRate.schedule === "cosine") return learningRate.warmupTarget ?? learningRate.initial;
  return learningRateAt(learningRate, 0);
}
