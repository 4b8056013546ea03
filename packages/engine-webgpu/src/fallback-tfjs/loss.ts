// Losses as Keras computes them, and accuracy, for every network at once. Labels are class indices
// (one output: the target's value); losses over several outputs see them one-hot.
//
// Sigmoid with binaryCrossentropy and softmax with sparseCategoricalCrossentropy are computed from
// logits. Any other pair is computed from the activated outputs, clipped as Keras clips them.
//
//   outputs  (models, batch, units)
//   labels   (models, batch)

import type { Activation, Loss } from "@convergence-lab/core";
import {
  abs,
  add,
  argMax,
  cast,
  div,
  equal,
  exp,
  expandDims,
  greater,
  greaterEqual,
  less,
  log,
  logicalOr,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  relu,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { unsupported } from "./coverage.ts";
import { log1pExpOfMinusAbs } from "./layers/activation.ts";

export interface LossHead {
  /** Whether `compute` takes logits and differentiates by them; else activated outputs. */
  readonly fromLogits: boolean;
  compute(outputs: Tensor, labels: Tensor): BatchLoss;
}

export interface BatchLoss {
  /** (models): the mean over the batch. */
  readonly loss: Tensor;
  /** (models, batch, units) */
  dOutputs(): Tensor;
}

export function lossHead(loss: Loss, activation: Activation): LossHead {
  switch (loss) {
    case "binaryCrossentropy":
      return activation === "sigmoid"
        ? { fromLogits: true, compute: meanOverOutputs(sigmoidCrossentropy) }
        : { fromLogits: false, compute: meanOverOutputs(binaryCrossentropy) };
    // Labels are class indices, so the categorical loss is the sparse one.
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
      return activation === "softmax"
        ? { fromLogits: true, compute: softmaxCrossentropy }
        : { fromLogits: false, compute: sparseCrossentropy };
    case "meanSquaredError":
      return { fromLogits: false, compute: meanOverOutputs(squaredError) };
    case "hinge":
      return { fromLogits: false, compute: meanOverOutputs(hinge) };
    default:
      throw unsupported(loss);
  }
}

/** (models): how many samples are right. One output: above one half; several: the first maximum. */
export function countCorrect(outputs: Tensor, labels: Tensor): Tensor {
  const predicted =
    outputs.shape[2] === 1
      ? cast(greater(reshape(outputs, labels.shape), 0.5), "float32")
      : cast(argMax(outputs, 2), "float32");
  return sum(cast(equal(predicted, labels), "float32"), 1);
}

/** `keras.config.epsilon()`: outputs are clipped to [epsilon, 1 - epsilon] before a logarithm. */
const LOW = 1e-7;
const HIGH = 1 - 1e-7;

/** The loss of each output against its target, and its derivative by the output. */
interface OutputLoss {
  readonly value: (output: Tensor, target: Tensor) => Tensor;
  readonly slope: (output: Tensor, target: Tensor) => Tensor;
}

function meanOverOutputs({ value, slope }: OutputLoss): LossHead["compute"] {
  return (outputs, labels) => {
    const [, batch, units] = outputs.shape;
    const targets = units === 1 ? expandDims(labels, 2) : oneHotLabels(labels, units);
    return {
      loss: mean(value(outputs, targets), [1, 2]),
      dOutputs: () => div(slope(outputs, targets), batch * units),
    };
  };
}

/** Of a logit; the slope, sigmoid - target, is written without a difference of near equals. */
const sigmoidCrossentropy: OutputLoss = {
  value: (z, target) => add(sub(relu(z), mul(z, target)), log1pExpOfMinusAbs(z)),
  slope: (z, target) => {
    const e = exp(neg(abs(z)));
    const smaller = div(e, add(e, 1));
    return where(greater(z, 0), sub(sub(1, target), smaller), sub(smaller, target));
  },
};

const binaryCrossentropy: OutputLoss = {
  value: (output, target) => {
    const p = clip(output);
    return neg(add(mul(target, log(p)), mul(sub(1, target), log(sub(1, p)))));
  },
  slope: (output, target) =>
    where(
      isClipped(output),
      zerosLike(output),
      div(sub(output, target), mul(output, sub(1, output))),
    ),
};

const squaredError: OutputLoss = {
  value: (output, target) => square(sub(output, target)),
  slope: (output, target) => mul(sub(output, target), 2),
};

/** Labels 0 and 1 become -1 and +1. At the hinge the slope is TensorFlow's, that of the left. */
const hinge: OutputLoss = {
  value: (output, target) => relu(sub(1, mul(signOf(target), output))),
  slope: (output, target) => {
    const sign = signOf(target);
    const inside = cast(greaterEqual(sub(1, mul(sign, output)), 0), "float32");
    return neg(mul(inside, sign));
  },
};

function signOf(target: Tensor): Tensor {
  return sub(mul(cast(greater(target, 0), "float32"), 2), 1);
}

/** logsumexp(z) - z[label], with gradient softmax(z) - one-hot. */
const softmaxCrossentropy: LossHead["compute"] = (logits, labels) => {
  const [, batch, units] = logits.shape;
  const targets = oneHotLabels(labels, units);
  const largest = max(logits, 2, true);
  const e = exp(sub(logits, largest));
  const total = sum(e, 2, true);
  const logSumExp = reshape(add(largest, log(total)), labels.shape);
  return {
    loss: mean(sub(logSumExp, sum(mul(logits, targets), 2)), 1),
    dOutputs: () => div(sub(div(e, total), targets), batch),
  };
};

/** -log(output[label] / row sum), the quotient clipped; outside the clip the gradient is zero. */
const sparseCrossentropy: LossHead["compute"] = (outputs, labels) => {
  const [, batch, units] = outputs.shape;
  const targets = oneHotLabels(labels, units);
  const total = sum(outputs, 2, true);
  const output = sum(mul(outputs, targets), 2, true);
  const share = div(output, total);
  return {
    loss: mean(neg(log(clip(reshape(share, labels.shape)))), 1),
    dOutputs: () => {
      const slope = sub(div(1, total), div(targets, output));
      return div(where(isClipped(share), zerosLike(slope), slope), batch);
    },
  };
};

/** Cast afterwards: tfjs-wasm writes the bits of integers into a one-hot tensor of float32. */
function oneHotLabels(labels: Tensor, units: number): Tensor {
  return cast(oneHot(cast(labels, "int32"), units), "float32");
}

/** Not `clipByValue`, which on tfjs-wasm turns NaN into the lower bound. */
function clip(output: Tensor): Tensor {
  return minimum(maximum(output, LOW), HIGH);
}

function isClipped(output: Tensor): Tensor {
  return logicalOr(less(output, LOW), greater(output, HIGH));
}
