// Losses that compare the outputs of a sample, as probabilities of the classes, with a target
// distribution: the sum over the classes of target times a term of the class's probability.

import { powerSlope } from "./output-losses.ts";
import type { Tensor } from "./tensor.ts";

/** The term of a class by the logarithm of its probability, and its derivative by that logarithm. */
export interface CategoricalTerm {
  readonly value: (logP: number) => number;
  readonly slope: (logP: number) => number;
}

export const crossentropyTerm: CategoricalTerm = { value: (logP) => -logP, slope: () => -1 };

/** alpha (1 - p)^gamma * -log p */
export function focalTerm(gamma: number, alpha: number): CategoricalTerm {
  return {
    value: (logP) => -alpha * (-Math.expm1(logP)) ** gamma * logP,
    slope: (logP) => {
      const wrong = -Math.expm1(logP);
      return alpha * (powerSlope(wrong, gamma) * Math.exp(logP) * logP - wrong ** gamma);
    },
  };
}

/**
 * The loss of one sample, whose outputs begin at `first`; its derivative by them goes to the same
 * places of `gradient`. The target is `on` for the class of the label, else `off`.
 */
export type CategoricalLoss = (
  outputs: Tensor,
  first: number,
  units: number,
  label: number,
  on: number,
  off: number,
  gradient: Tensor,
) => number;

/** Probabilities are the softmax of the outputs. The largest logit is taken out of every sum. */
export function ofLogits({ value, slope }: CategoricalTerm): CategoricalLoss {
  return (logits, first, units, label, on, off, gradient) => {
    let top = 0;
    for (let j = 1; j < units; j++) if (logits[first + j] > logits[first + top]) top = j;
    const max = logits[first + top];
    let rest = 0;
    for (let j = 0; j < units; j++) if (j !== top) rest += Math.exp(logits[first + j] - max);
    const logSum = Math.log1p(rest);
    let loss = 0;
    let slopes = 0;
    for (let j = 0; j < units; j++) {
      const target = j === label ? on : off;
      const logP = logits[first + j] - max - logSum;
      const dLogP = target * slope(logP);
      loss += target * value(logP);
      slopes += dLogP;
      gradient[first + j] = dLogP;
    }
    for (let j = 0; j < units; j++) {
      gradient[first + j] -= slopes * Math.exp(logits[first + j] - max - logSum);
    }
    return loss;
  };
}

/** Probabilities are the outputs' shares of their sum, clipped; outside the slope is zero. */
export function ofShares(
  { value, slope }: CategoricalTerm,
  low: number,
  high: number,
): CategoricalLoss {
  return (outputs, first, units, label, on, off, gradient) => {
    let sum = 0;
    for (let j = 0; j < units; j++) sum += outputs[first + j];
    let loss = 0;
    let along = 0;
    for (let j = 0; j < units; j++) {
      const target = j === label ? on : off;
      const share = outputs[first + j] / sum;
      const logP = Math.log(Math.min(Math.max(share, low), high));
      const dShare = share < low || share > high ? 0 : (target * slope(logP)) / share;
      loss += target * value(logP);
      along += dShare * share;
      gradient[first + j] = dShare;
    }
    for (let j = 0; j < units; j++) gradient[first + j] = (gradient[first + j] - along) / sum;
    return loss;
  };
}
