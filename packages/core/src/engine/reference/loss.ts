// Losses as Keras computes them. Labels are class indices (one output: the target's value); losses
// over several outputs see them one-hot, smoothed.
//
// Which pairs of loss and head are computed from logits stands in docs/training-semantics.md. Any
// other pair is computed from the activated outputs, clipped as Keras clips them.

import type { Hyper, Network } from "../../compile/plan.ts";
import type { Activation } from "../../spec/words.ts";
import {
  type CategoricalLoss,
  crossentropyTerm,
  focalTerm,
  ofLogits,
  ofShares,
} from "./categorical-losses.ts";
import {
  absoluteError,
  binaryCrossentropy,
  focal,
  hinge,
  type OutputLoss,
  ofLogit,
  ofProbability,
  sigmoidCrossentropy,
  squaredError,
} from "./output-losses.ts";
import { type Precision, rounded, type Tensor } from "./tensor.ts";

/**
 * The sum of the weighted losses of `batch` samples. Writes the derivative of that sum over the
 * number of samples, with respect to `outputs` (batch, units), to `gradient`.
 *
 * @param weights (batch): what each sample's loss is multiplied by; null: all 1.
 */
export type ComputeLoss = (
  batch: number,
  units: number,
  outputs: Tensor,
  labels: Tensor,
  weights: Tensor | null,
  gradient: Tensor,
) => number;

export interface LossHead {
  /** The loss takes the input of the head's activation, and differentiates by it. */
  readonly passesActivation: boolean;
  readonly compute: ComputeLoss;
}

export type LossSettings = Pick<Network, "loss" | "fromLogits" | "applyClassBalancing"> &
  Pick<Hyper, "gamma" | "focalAlpha" | "labelSmoothing">;

/** @param activation What makes the network's output; linear where that is no activation. */
export function lossHead(
  settings: LossSettings,
  activation: Activation,
  units: number,
  precision: Precision,
): LossHead {
  const { loss, gamma = 2, focalAlpha = 0.25, labelSmoothing = 0 } = settings;
  const saysLogits = settings.fromLogits ?? false;
  const low = rounded(precision, KERAS_EPSILON);
  const high = rounded(precision, 1 - KERAS_EPSILON);
  switch (loss) {
    case "binaryCrossentropy":
    case "binaryFocalCrossentropy": {
      const passesActivation = !saysLogits && activation === "sigmoid";
      const isLogit = saysLogits || passesActivation;
      const crossentropy = isLogit ? sigmoidCrossentropy : binaryCrossentropy(low, high);
      if (loss === "binaryCrossentropy") {
        return { passesActivation, compute: meanOverOutputs(crossentropy, labelSmoothing) };
      }
      const alpha = settings.applyClassBalancing ? focalAlpha : null;
      const probability = isLogit ? ofLogit : ofProbability;
      const focused = focal(crossentropy, probability, gamma, alpha);
      return { passesActivation, compute: meanOverOutputs(focused, labelSmoothing) };
    }
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
    case "categoricalFocalCrossentropy": {
      const passesActivation = !saysLogits && activation === "softmax" && units > 1;
      const term =
        loss === "categoricalFocalCrossentropy" ? focalTerm(gamma, focalAlpha) : crossentropyTerm;
      const ofSample = saysLogits || passesActivation ? ofLogits(term) : ofShares(term, low, high);
      return { passesActivation, compute: overSamples(ofSample, labelSmoothing) };
    }
    case "meanSquaredError":
      return { passesActivation: false, compute: meanOverOutputs(squaredError, 0) };
    case "meanAbsoluteError":
      return { passesActivation: false, compute: meanOverOutputs(absoluteError, 0) };
    case "hinge":
      return { passesActivation: false, compute: meanOverOutputs(hinge, 0) };
  }
}

/** `keras.config.epsilon()`: outputs are clipped to [epsilon, 1 - epsilon] before a logarithm. */
const KERAS_EPSILON = 1e-7;

function meanOverOutputs({ value, slope }: OutputLoss, smoothing: number): ComputeLoss {
  const kept = 1 - smoothing;
  const floor = smoothing / 2;
  return (batch, units, outputs, labels, weights, gradient) => {
    let sum = 0;
    for (let b = 0; b < batch; b++) {
      const label = labels[b];
      const weight = weights === null ? 1 : weights[b];
      for (let j = 0; j < units; j++) {
        const i = b * units + j;
        const target = kept * (units === 1 ? label : label === j ? 1 : 0) + floor;
        sum += weight * value(outputs[i], target);
        gradient[i] = (weight * slope(outputs[i], target)) / (batch * units);
      }
    }
    return sum / units;
  };
}

function overSamples(lossOfSample: CategoricalLoss, smoothing: number): ComputeLoss {
  return (batch, units, outputs, labels, weights, gradient) => {
    const off = smoothing / units;
    const on = 1 - smoothing + off;
    let sum = 0;
    for (let b = 0; b < batch; b++) {
      const label = labels[b];
      const weight = weights === null ? 1 : weights[b];
      const first = b * units;
      sum += weight * lossOfSample(outputs, first, units, label, on, off, gradient);
      for (let i = first; i < first + units; i++) gradient[i] *= weight / batch;
    }
    return sum;
  };
}
