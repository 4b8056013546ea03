// Activations as Keras defines them, and their derivatives. A NaN that goes in comes out: a
// diverged network must show.

import type { Activation } from "../../spec/spec.ts";
import type { Tensor } from "./tensor.ts";

/** activations = activation(preActivations), both (batch, units). */
export function activate(
  activation: Activation,
  batch: number,
  units: number,
  preActivations: Tensor,
  activations: Tensor,
): void {
  if (activation === "softmax") {
    for (let b = 0; b < batch; b++) softmaxRow(preActivations, activations, b * units, units);
    return;
  }
  const { value } = ELEMENTWISE[activation];
  for (let i = 0; i < batch * units; i++) activations[i] = value(preActivations[i]);
}

/** Turns dActivations, the content of `gradient`, into dPreActivations in place. */
export function activationGradient(
  activation: Activation,
  batch: number,
  units: number,
  preActivations: Tensor,
  activations: Tensor,
  gradient: Tensor,
): void {
  if (activation === "softmax") {
    for (let b = 0; b < batch; b++) softmaxGradientRow(activations, gradient, b * units, units);
    return;
  }
  const { slope } = ELEMENTWISE[activation];
  for (let i = 0; i < batch * units; i++) gradient[i] *= slope(preActivations[i], activations[i]);
}

interface Elementwise {
  readonly value: (z: number) => number;
  /** The derivative at the pre-activation `z`, whose activation is `a`. */
  readonly slope: (z: number, a: number) => number;
}

/** Keras's `leaky_relu` as an activation by name. */
const LEAKY_SLOPE = 0.3;

// Klambauer et al., "Self-normalizing neural networks", 2017, with the digits Keras has.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

// At a kink the slope is that of the left side, as in docs/training-semantics.md.
const ELEMENTWISE: Record<Exclude<Activation, "softmax">, Elementwise> = {
  linear: { value: (z) => z, slope: () => 1 },
  relu: { value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  leakyReLU: {
    value: (z) => (z < 0 ? LEAKY_SLOPE * z : z),
    slope: (z) => (z > 0 ? 1 : LEAKY_SLOPE),
  },
  elu: { value: (z) => (z < 0 ? Math.expm1(z) : z), slope: (z) => (z > 0 ? 1 : Math.exp(z)) },
  selu: {
    value: (z) => SELU_SCALE * (z < 0 ? SELU_ALPHA * Math.expm1(z) : z),
    slope: (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
  },
  gelu: {
    value: (z) => z * normalDistribution(z),
    slope: (z) => normalDistribution(z) + z * normalDensity(z),
  },
  sigmoid: { value: sigmoid, slope: (_z, a) => a * (1 - a) },
  tanh: { value: Math.tanh, slope: (_z, a) => 1 - a * a },
  softplus: {
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    slope: sigmoid,
  },
  softsign: { value: (z) => z / (1 + Math.abs(z)), slope: (z) => 1 / (1 + Math.abs(z)) ** 2 },
  swish: {
    value: (z) => z * sigmoid(z),
    slope: (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
  },
};

/** Exponentiates non-positive numbers only, so that nothing overflows. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** The largest entry is subtracted first. Over one unit this is the constant 1. */
function softmaxRow(preActivations: Tensor, activations: Tensor, first: number, units: number) {
  let max = preActivations[first];
  for (let j = 1; j < units; j++) max = Math.max(max, preActivations[first + j]);
  let sum = 0;
  for (let j = 0; j < units; j++) sum += Math.exp(preActivations[first + j] - max);
  for (let j = 0; j < units; j++) {
    activations[first + j] = Math.exp(preActivations[first + j] - max) / sum;
  }
}

/** dPreActivation[j] = a[j] * (dActivation[j] - sum_k a[k] * dActivation[k]) */
function softmaxGradientRow(activations: Tensor, gradient: Tensor, first: number, units: number) {
  let dot = 0;
  for (let j = 0; j < units; j++) dot += activations[first + j] * gradient[first + j];
  for (let j = 0; j < units; j++) {
    gradient[first + j] = activations[first + j] * (gradient[first + j] - dot);
  }
}

/**
 * The standard normal distribution function, to 8e-16 absolutely: 1/2 + density * (z + z^3/3 +
 * z^5/(3 * 5) + ...), all terms of one sign (Marsaglia, "Evaluating the normal distribution",
 * Journal of Statistical Software 11(4), 2004).
 */
function normalDistribution(z: number): number {
  if (z < -8) return 0;
  if (z > 8) return 1;
  let term = z;
  let sum = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 + sum * normalDensity(z);
}

function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}
