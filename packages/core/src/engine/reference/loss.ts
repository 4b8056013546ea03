// Losses as Keras computes them, and accuracy. Labels are class indices (one output: the target's
// value); losses over several outputs see them one-hot.
//
// Sigmoid with binaryCrossentropy and softmax with sparseCategoricalCrossentropy are computed from
// logits. Any other pair is computed from the activated outputs, clipped as Keras clips them.

import type { Activation, Loss } from "../../spec/spec.ts";
import { type Precision, rounded, type Tensor } from "./tensor.ts";

export interface LossHead {
  /** Whether `compute` takes logits and differentiates by them; else activated outputs. */
  readonly fromLogits: boolean;
  /**
   * The sum of the losses of `batch` samples. Writes the derivative of their mean with respect to
   * `outputs` (batch, units) to `gradient`.
   */
  readonly compute: (
    batch: number,
    units: number,
    outputs: Tensor,
    labels: Tensor,
    gradient: Tensor,
  ) => number;
}

export function lossHead(loss: Loss, activation: Activation, precision: Precision): LossHead {
  const low = rounded(precision, KERAS_EPSILON);
  const high = rounded(precision, 1 - KERAS_EPSILON);
  switch (loss) {
    case "binaryCrossentropy":
      return activation === "sigmoid"
        ? { fromLogits: true, compute: meanOverOutputs(sigmoidCrossentropy) }
        : { fromLogits: false, compute: meanOverOutputs(binaryCrossentropy(low, high)) };
    case "sparseCategoricalCrossentropy":
      return activation === "softmax"
        ? { fromLogits: true, compute: softmaxCrossentropy }
        : { fromLogits: false, compute: sparseCrossentropy(low, high) };
    case "meanSquaredError":
      return { fromLogits: false, compute: meanOverOutputs(squaredError) };
    case "hinge":
      return { fromLogits: false, compute: meanOverOutputs(hinge) };
  }
}

/** Keras's `accuracy`: how many of the samples are right. */
export function countCorrect(
  batch: number,
  units: number,
  outputs: Tensor,
  labels: Tensor,
): number {
  let correct = 0;
  for (let b = 0; b < batch; b++) {
    if (predictedClass(outputs, b * units, units) === labels[b]) correct++;
  }
  return correct;
}

/** One output: above one half. Several: the largest, the first of equals. */
function predictedClass(outputs: Tensor, first: number, units: number): number {
  if (units === 1) return outputs[first] > 0.5 ? 1 : 0;
  let best = 0;
  for (let j = 1; j < units; j++) if (outputs[first + j] > outputs[first + best]) best = j;
  return best;
}

/** `keras.config.epsilon()`: outputs are clipped to [epsilon, 1 - epsilon] before a logarithm. */
const KERAS_EPSILON = 1e-7;

/** The loss of one output against its target, and its derivative by the output. */
interface OutputLoss {
  readonly value: (output: number, target: number) => number;
  readonly slope: (output: number, target: number) => number;
}

function meanOverOutputs({ value, slope }: OutputLoss): LossHead["compute"] {
  return (batch, units, outputs, labels, gradient) => {
    let sum = 0;
    for (let b = 0; b < batch; b++) {
      for (let j = 0; j < units; j++) {
        const i = b * units + j;
        const target = units === 1 ? labels[b] : labels[b] === j ? 1 : 0;
        sum += value(outputs[i], target);
        gradient[i] = slope(outputs[i], target) / (batch * units);
      }
    }
    return sum / units;
  };
}

/** Of a logit; the slope, sigmoid - target, is written without a difference of near equals. */
const sigmoidCrossentropy: OutputLoss = {
  value: (z, target) => Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z))),
  slope: (z, target) => {
    const e = Math.exp(-Math.abs(z));
    return z > 0 ? 1 - target - e / (1 + e) : e / (1 + e) - target;
  },
};

function binaryCrossentropy(low: number, high: number): OutputLoss {
  return {
    value: (output, target) => {
      const p = clip(output, low, high);
      return -target * Math.log(p) - (1 - target) * Math.log(1 - p);
    },
    slope: (output, target) =>
      output < low || output > high ? 0 : (output - target) / (output * (1 - output)),
  };
}

const squaredError: OutputLoss = {
  value: (output, target) => (output - target) ** 2,
  slope: (output, target) => 2 * (output - target),
};

/** Labels 0 and 1 become -1 and +1. At the hinge the slope is TensorFlow's, that of the left. */
const hinge: OutputLoss = {
  value: (output, target) => Math.max(1 - signOf(target) * output, 0),
  slope: (output, target) => (1 - signOf(target) * output >= 0 ? -signOf(target) : 0),
};

function signOf(target: number): number {
  return target > 0 ? 1 : -1;
}

/** logsumexp(z) - z[label], with gradient softmax(z) - one-hot. */
const softmaxCrossentropy: LossHead["compute"] = (batch, units, logits, labels, gradient) => {
  let total = 0;
  for (let b = 0; b < batch; b++) {
    const first = b * units;
    let max = logits[first];
    for (let j = 1; j < units; j++) max = Math.max(max, logits[first + j]);
    let sum = 0;
    for (let j = 0; j < units; j++) sum += Math.exp(logits[first + j] - max);
    total += max + Math.log(sum) - logits[first + labels[b]];
    for (let j = 0; j < units; j++) {
      const probability = Math.exp(logits[first + j] - max) / sum;
      gradient[first + j] = (probability - (labels[b] === j ? 1 : 0)) / batch;
    }
  }
  return total;
};

/** -log(output[label] / row sum), the quotient clipped; outside the clip the gradient is zero. */
function sparseCrossentropy(low: number, high: number): LossHead["compute"] {
  return (batch, units, outputs, labels, gradient) => {
    let total = 0;
    for (let b = 0; b < batch; b++) {
      const first = b * units;
      let sum = 0;
      for (let j = 0; j < units; j++) sum += outputs[first + j];
      const output = outputs[first + labels[b]];
      const share = output / sum;
      const clipped = share < low || share > high;
      total -= Math.log(clip(share, low, high));
      for (let j = 0; j < units; j++) {
        const slope = clipped ? 0 : 1 / sum - (labels[b] === j ? 1 / output : 0);
        gradient[first + j] = slope / batch;
      }
    }
    return total;
  };
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
