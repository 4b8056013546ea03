// Elementwise activations as Keras defines them, and their derivatives. A NaN that goes in comes
// out: a diverged network must show. Softmax and prelu are no table of numbers to numbers; they
// stand in operations/.

import type { Activation } from "../../spec/words.ts";

export interface Elementwise {
  readonly value: (z: number, alpha: number) => number;
  /** The derivative at the pre-activation `z`, whose activation is `a`. */
  readonly slope: (z: number, a: number, alpha: number) => number;
}

// Klambauer et al., "Self-normalizing neural networks", 2017, with the digits Keras has.
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;

// At a kink the slope is that of the left side, as in docs/training-semantics.md.
export const ELEMENTWISE: Record<Exclude<Activation, "softmax" | "prelu">, Elementwise> = {
  linear: { value: (z) => z, slope: () => 1 },
  relu: { value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  leakyReLU: {
    value: (z, alpha) => (z < 0 ? alpha * z : z),
    slope: (z, _a, alpha) => (z > 0 ? 1 : alpha),
  },
  elu: {
    value: (z, alpha) => (z < 0 ? alpha * Math.expm1(z) : z),
    slope: (z, _a, alpha) => (z > 0 ? 1 : alpha * Math.exp(z)),
  },
  selu: {
    value: (z) => SELU_SCALE * (z < 0 ? SELU_ALPHA * Math.expm1(z) : z),
    slope: (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
  },
  gelu: {
    value: (z) => z * normalDistribution(z),
    slope: (z) => normalDistribution(z) + z * normalDensity(z),
  },
  // (1 + tanh(u)) / 2 is sigmoid(2 u), which keeps its digits where tanh is close to -1.
  geluTanh: {
    value: (z) => z * sigmoid(2 * geluArgument(z)),
    slope: (z) => {
      const u = 2 * geluArgument(z);
      const du = 2 * GELU_SCALE * (1 + 3 * GELU_CUBIC * z * z);
      return sigmoid(u) * (1 + z * du * sigmoid(-u));
    },
  },
  sigmoid: { value: sigmoid, slope: (_z, a) => a * (1 - a) },
  hardSigmoid: {
    value: (z) => Math.min(Math.max(z / 6 + 0.5, 0), 1),
    slope: (z) => (z > -3 && z <= 3 ? 1 / 6 : 0),
  },
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
  mish: {
    value: (z) => z * tanhOfSoftplus(z),
    slope: (z) => {
      const t = tanhOfSoftplus(z);
      return t + z * sigmoid(z) * (1 - t * t);
    },
  },
  exponential: { value: Math.exp, slope: (_z, a) => a },
};

/** Exponentiates non-positive numbers only, so that nothing overflows. */
export function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return (z < 0 ? e : 1) / (1 + e);
}

/** With w = 1 + exp(z) it is (w^2 - 1) / (w^2 + 1); for positive z divided through by exp(2 z). */
export function tanhOfSoftplus(z: number): number {
  const e = Math.exp(-Math.abs(z));
  const numerator = z < 0 ? e * (e + 2) : 1 + 2 * e;
  return numerator / (numerator + (z < 0 ? 2 : 2 * e * e));
}

// Hendrycks and Gimpel, "Gaussian error linear units", 2016.
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

function geluArgument(z: number): number {
  return GELU_SCALE * (z + GELU_CUBIC * z * z * z);
}

/**
 * The standard normal distribution function, to 8e-16 absolutely: 1/2 + density * (z + z^3/3 +
 * z^5/(3 * 5) + ...), all terms of one sign (Marsaglia, "Evaluating the normal distribution",
 * Journal of Statistical Software 11(4), 2004).
 */
export function normalDistribution(z: number): number {
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

export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}
