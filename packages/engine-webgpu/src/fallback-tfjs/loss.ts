// Losses as Keras computes them, and accuracy, for every network at once. Labels are class indices
// (one output: the target's value); losses over several outputs see them one-hot, smoothed.
//
// Which pairs of loss and head are computed from logits stands in docs/training-semantics.md. Any
// other pair is computed from the activated outputs, clipped as Keras clips them.
//
//   outputs          (models, batch, units)
//   labels, weights  (models, batch)

import type { Activation, Hyper, Network } from "@convergence-lab/core";
import {
  abs,
  add,
  argMax,
  cast,
  div,
  equal,
  exp,
  expandDims,
  expm1,
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
  pow,
  relu,
  reshape,
  sign,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { log1pExpOfMinusAbs, sigmoid } from "./layers/activation.ts";
import { perNetwork } from "./per-network.ts";

export interface LossHead {
  /** The loss takes the input of the head's activation, and differentiates by it. */
  readonly passesActivation: boolean;
  /** @param weights Null: all 1. */
  compute(outputs: Tensor, labels: Tensor, weights: Tensor | null): BatchLoss;
}

export interface BatchLoss {
  /** (models): the mean over the batch. */
  readonly loss: Tensor;
  /** (models, batch, units) */
  dOutputs(): Tensor;
}

/** @param activation What makes the network's output; linear where that is no activation. */
export function lossHead(
  network: Network,
  hypers: readonly Hyper[],
  activation: Activation,
  units: number,
): LossHead {
  const { loss, fromLogits: saysLogits = false } = network;
  const gamma = hypers.map((hyper) => hyper.gamma ?? 2);
  const alpha = hypers.map((hyper) => hyper.focalAlpha ?? 0.25);
  const smoothing = hypers.map((hyper) => hyper.labelSmoothing ?? 0);
  switch (loss) {
    case "binaryCrossentropy":
    case "binaryFocalCrossentropy": {
      const passesActivation = !saysLogits && activation === "sigmoid";
      const isLogit = saysLogits || passesActivation;
      const crossentropy = isLogit ? sigmoidCrossentropy : binaryCrossentropy;
      const ofOutput =
        loss === "binaryCrossentropy"
          ? crossentropy
          : focal(
              crossentropy,
              isLogit ? ofLogit : ofProbability,
              gamma,
              network.applyClassBalancing ? alpha : null,
            );
      return { passesActivation, compute: meanOverOutputs(ofOutput, smoothing) };
    }
    // Labels are class indices, so the categorical loss is the sparse one.
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
    case "categoricalFocalCrossentropy": {
      const passesActivation = !saysLogits && activation === "softmax" && units > 1;
      const term =
        loss === "categoricalFocalCrossentropy" ? focalTerm(gamma, alpha) : crossentropyTerm;
      const ofSamples = saysLogits || passesActivation ? ofLogits(term) : ofShares(term);
      return { passesActivation, compute: overSamples(ofSamples, smoothing) };
    }
    case "meanSquaredError":
      return { passesActivation: false, compute: meanOverOutputs(squaredError, NOT_SMOOTHED) };
    case "meanAbsoluteError":
      return { passesActivation: false, compute: meanOverOutputs(absoluteError, NOT_SMOOTHED) };
    case "hinge":
      return { passesActivation: false, compute: meanOverOutputs(hinge, NOT_SMOOTHED) };
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

const NOT_SMOOTHED = [0];

// --- Losses that look at each output by itself; a sample's loss is their mean over its outputs ---

/** The loss of each output against its target, and its derivative by the output. */
interface OutputLoss {
  readonly value: (output: Tensor, target: Tensor) => Tensor;
  readonly slope: (output: Tensor, target: Tensor) => Tensor;
}

function meanOverOutputs(
  { value, slope }: OutputLoss,
  smoothing: readonly number[],
): LossHead["compute"] {
  return (outputs, labels, weights) => {
    const [, batch, units] = outputs.shape;
    const hard = units === 1 ? expandDims(labels, 2) : oneHotLabels(labels, units);
    const targets = smoothed(hard, smoothing, 2);
    const perOutput = weights === null ? null : expandDims(weights, 2);
    return {
      loss: mean(weighted(value(outputs, targets), perOutput), [1, 2]),
      dOutputs: () => weighted(div(slope(outputs, targets), batch * units), perOutput),
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

/** Of a probability, clipped; outside the slope is zero. */
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

/** How likely an output makes class 1 and class 0, and the derivative of the first by the output. */
interface Probability {
  readonly on: (output: Tensor) => Tensor;
  readonly off: (output: Tensor) => Tensor;
  readonly slope: (output: Tensor) => Tensor;
}

const ofLogit: Probability = {
  on: sigmoid,
  off: (z) => sigmoid(neg(z)),
  slope: (z) => mul(sigmoid(z), sigmoid(neg(z))),
};

/** Not clipped: Keras's focal factor is that of the output as it comes. */
const ofProbability: Probability = {
  on: (p) => p,
  off: (p) => sub(1, p),
  slope: (p) => add(zerosLike(p), 1),
};

/**
 * A cross-entropy times (1 - pt)^gamma, where 1 - pt is the probability of the wrong class.
 *
 * @param alpha What a target of 1 weighs, against 1 - alpha for 0; null: both weigh 1.
 */
function focal(
  crossentropy: OutputLoss,
  { on, off, slope }: Probability,
  gamma: readonly number[],
  alpha: readonly number[] | null,
): OutputLoss {
  const wrong = (output: Tensor, target: Tensor) =>
    add(mul(target, off(output)), mul(sub(1, target), on(output)));
  const weigh = (values: Tensor, target: Tensor) => {
    if (alpha === null) return values;
    const [one, zero] = [alpha, alpha.map((a) => 1 - a)].map((a) => perNetwork(a, 3));
    return mul(values, add(mul(target, one), mul(sub(1, target), zero)));
  };
  return {
    value: (output, target) =>
      weigh(mul(power(wrong(output, target), gamma), crossentropy.value(output, target)), target),
    slope: (output, target) => {
      const w = wrong(output, target);
      const dFactor = mul(mul(powerSlope(w, gamma), sub(1, mul(target, 2))), slope(output));
      const ofFactor = mul(dFactor, crossentropy.value(output, target));
      return weigh(add(mul(power(w, gamma), crossentropy.slope(output, target)), ofFactor), target);
    },
  };
}

const squaredError: OutputLoss = {
  value: (output, target) => square(sub(output, target)),
  slope: (output, target) => mul(sub(output, target), 2),
};

const absoluteError: OutputLoss = {
  value: (output, target) => abs(sub(output, target)),
  slope: (output, target) => sign(sub(output, target)),
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

// --- Losses that compare a sample's outputs, as probabilities, with a target distribution ---

/** The term of a class by the logarithm of its probability, and its derivative by that logarithm. */
interface CategoricalTerm {
  readonly value: (logP: Tensor) => Tensor;
  readonly slope: (logP: Tensor) => Tensor;
}

const crossentropyTerm: CategoricalTerm = {
  value: neg,
  slope: (logP) => sub(zerosLike(logP), 1),
};

/** alpha (1 - p)^gamma * -log p */
function focalTerm(gamma: readonly number[], alphas: readonly number[]): CategoricalTerm {
  const alpha = () => perNetwork(alphas, 3);
  const wrong = (logP: Tensor) => neg(expm1(logP));
  return {
    value: (logP) => neg(mul(mul(power(wrong(logP), gamma), logP), alpha())),
    slope: (logP) => {
      const w = wrong(logP);
      const ofFactor = mul(mul(powerSlope(w, gamma), exp(logP)), logP);
      return mul(sub(ofFactor, power(w, gamma)), alpha());
    },
  };
}

/** (models, batch): the losses of the samples; and their derivatives by the outputs. */
type CategoricalLoss = (
  outputs: Tensor,
  targets: Tensor,
) => { readonly losses: Tensor; dOutputs(): Tensor };

function overSamples(
  ofSamples: CategoricalLoss,
  smoothing: readonly number[],
): LossHead["compute"] {
  return (outputs, labels, weights) => {
    const [, batch, units] = outputs.shape;
    const targets = smoothed(oneHotLabels(labels, units), smoothing, units);
    const { losses, dOutputs } = ofSamples(outputs, targets);
    return {
      loss: mean(weighted(losses, weights), 1),
      dOutputs: () =>
        weighted(div(dOutputs(), batch), weights === null ? null : expandDims(weights, 2)),
    };
  };
}

/** Probabilities are the softmax of the outputs. The largest logit is taken out of every sum. */
function ofLogits({ value, slope }: CategoricalTerm): CategoricalLoss {
  return (logits, targets) => {
    const shifted = sub(logits, max(logits, 2, true));
    const e = exp(shifted);
    const total = sum(e, 2, true);
    const logP = sub(shifted, log(total));
    return {
      losses: sum(mul(targets, value(logP)), 2),
      dOutputs() {
        const dLogP = mul(targets, slope(logP));
        return sub(dLogP, mul(div(e, total), sum(dLogP, 2, true)));
      },
    };
  };
}

/** Probabilities are the outputs' shares of their sum, clipped; outside the slope is zero. */
function ofShares({ value, slope }: CategoricalTerm): CategoricalLoss {
  return (outputs, targets) => {
    const total = sum(outputs, 2, true);
    const shares = div(outputs, total);
    const logP = log(clip(shares));
    return {
      losses: sum(mul(targets, value(logP)), 2),
      dOutputs() {
        const inside = div(mul(targets, slope(logP)), shares);
        const dShares = where(isClipped(shares), zerosLike(inside), inside);
        return div(sub(dShares, sum(mul(dShares, shares), 2, true)), total);
      },
    };
  };
}

// --- What they share ---

function weighted(values: Tensor, weights: Tensor | null): Tensor {
  return weights === null ? values : mul(values, weights);
}

/** target (1 - smoothing) + smoothing / classes */
function smoothed(targets: Tensor, smoothing: readonly number[], classes: number): Tensor {
  if (smoothing.every((share) => share === 0)) return targets;
  const [kept, floor] = [smoothing.map((s) => 1 - s), smoothing.map((s) => s / classes)];
  return add(mul(targets, perNetwork(kept, 3)), perNetwork(floor, 3));
}

/** x^gamma for x of 0 or more. */
function power(x: Tensor, gamma: readonly number[]): Tensor {
  return pow(x, perNetwork(gamma, 3));
}

/** The derivative of x^gamma; at 0, where it may be infinite, a focal term has no slope left. */
function powerSlope(x: Tensor, gamma: readonly number[]): Tensor {
  const slope = pow(
    maximum(x, SMALLEST),
    perNetwork(
      gamma.map((g) => g - 1),
      3,
    ),
  );
  const atZero = gamma.map((g) => (g === 1 ? 1 : 0));
  return mul(mul(slope, perNetwork(gamma, 3)), maximum(sign(x), perNetwork(atZero, 3)));
}

/** The smallest normal float32: what is below may be flushed to 0. */
const SMALLEST = 2 ** -126;

/** Cast afterwards: tfjs-wasm writes the bits of integers into a one-hot tensor of float32. */
function oneHotLabels(labels: Tensor, units: number): Tensor {
  return cast(oneHot(cast(labels, "int32"), units), "float32");
}

/** `keras.config.epsilon()`: outputs are clipped to [epsilon, 1 - epsilon] before a logarithm. */
const LOW = 1e-7;
const HIGH = 1 - 1e-7;

/** Not `clipByValue`, which on tfjs-wasm turns NaN into the lower bound. */
function clip(output: Tensor): Tensor {
  return minimum(maximum(output, LOW), HIGH);
}

function isClipped(output: Tensor): Tensor {
  return logicalOr(less(output, LOW), greater(output, HIGH));
}
