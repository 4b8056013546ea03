// Losses that look at each output by itself; a sample's loss is their mean over its outputs.

import { sigmoid } from "./activation.ts";

/** The loss of one output against its target, and its derivative by the output. */
export interface OutputLoss {
  readonly value: (output: number, target: number) => number;
  readonly slope: (output: number, target: number) => number;
}

/** Of a logit; the slope, sigmoid - target, is written without a difference of near equals. */
export const sigmoidCrossentropy: OutputLoss = {
  value: (z, target) => Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z))),
  slope: (z, target) => {
    const e = Math.exp(-Math.abs(z));
    return z > 0 ? 1 - target - e / (1 + e) : e / (1 + e) - target;
  },
};

/** Of a probability, clipped to [low, high]; outside the slope is zero. */
export function binaryCrossentropy(low: number, high: number): OutputLoss {
  return {
    value: (output, target) => {
      const p = Math.min(Math.max(output, low), high);
      return -target * Math.log(p) - (1 - target) * Math.log(1 - p);
    },
    slope: (output, target) =>
      output < low || output > high ? 0 : (output - target) / (output * (1 - output)),
  };
}

/** How likely an output makes class 1 and class 0, and the derivative of the first by the output. */
export interface Probability {
  readonly on: (output: number) => number;
  readonly off: (output: number) => number;
  readonly slope: (output: number) => number;
}

export const ofLogit: Probability = {
  on: sigmoid,
  off: (z) => sigmoid(-z),
  slope: (z) => sigmoid(z) * sigmoid(-z),
};

/** Not clipped: Keras's focal factor is that of the output as it comes. */
export const ofProbability: Probability = { on: (p) => p, off: (p) => 1 - p, slope: () => 1 };

/**
 * A cross-entropy times (1 - pt)^gamma, where 1 - pt is the probability of the wrong class.
 *
 * @param alpha What a target of 1 weighs, against 1 - alpha for 0; null: both weigh 1.
 */
export function focal(
  crossentropy: OutputLoss,
  { on, off, slope }: Probability,
  gamma: number,
  alpha: number | null,
): OutputLoss {
  const wrong = (output: number, target: number) =>
    target * off(output) + (1 - target) * on(output);
  const weight = (target: number) =>
    alpha === null ? 1 : target * alpha + (1 - target) * (1 - alpha);
  return {
    value: (output, target) =>
      weight(target) * wrong(output, target) ** gamma * crossentropy.value(output, target),
    slope: (output, target) => {
      const w = wrong(output, target);
      const dFactor = powerSlope(w, gamma) * (1 - 2 * target) * slope(output);
      const ofFactor = dFactor * crossentropy.value(output, target);
      return weight(target) * (w ** gamma * crossentropy.slope(output, target) + ofFactor);
    },
  };
}

/** The derivative of x^gamma; at 0, where it may be infinite, a focal term has no slope left. */
export function powerSlope(x: number, gamma: number): number {
  if (x === 0) return gamma === 1 ? 1 : 0;
  return gamma * x ** (gamma - 1);
}

export const squaredError: OutputLoss = {
  value: (output, target) => (output - target) ** 2,
  slope: (output, target) => 2 * (output - target),
};

export const absoluteError: OutputLoss = {
  value: (output, target) => Math.abs(output - target),
  slope: (output, target) => Math.sign(output - target),
};

/** Labels 0 and 1 become -1 and +1. At the hinge the slope is TensorFlow's, that of the left. */
export const hinge: OutputLoss = {
  value: (output, target) => Math.max(1 - signOf(target) * output, 0),
  slope: (output, target) => (1 - signOf(target) * output >= 0 ? -signOf(target) : 0),
};

function signOf(target: number): number {
  return target > 0 ? 1 : -1;
}
