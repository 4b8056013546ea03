// The activations of engine/reference/activation.ts, and their slopes, in bounded numbers. Where a
// pre-activation is within its error of a kink a machine may take the slope of either side.

import {
  normalDensity,
  normalDistribution,
  SELU_ALPHA,
  SELU_SCALE,
  tanhOfSoftplus,
} from "../../engine/reference/activation.ts";
import type { Activation } from "../../spec/words.ts";
import {
  type Arithmetic,
  absolute,
  type Bounded,
  branch,
  clamp,
  negate,
  ONE,
  ZERO,
} from "./arithmetic.ts";

type Elementwise = Exclude<Activation, "softmax" | "prelu">;

export interface BoundedActivation {
  readonly value: (z: Bounded, alpha: Bounded) => Bounded;
  /** At the pre-activation `z`, whose activation is `a`. */
  readonly slope: (z: Bounded, a: Bounded, alpha: Bounded) => Bounded;
}

export function boundedActivation(m: Arithmetic, name: Elementwise): BoundedActivation {
  const [half, sixth] = [m.stored(0.5), m.stored(1 / 6)];
  const [scale, alphaScale] = [m.stored(SELU_SCALE), m.stored(SELU_SCALE * SELU_ALPHA)];
  /** Absolutely, as far as any polynomial here is off: half of tfjs's erf, 1.5e-7, and rounding. */
  const cumulative = (z: Bounded): Bounded => {
    const { value, error } = m.monotone(normalDistribution, z, 1);
    return { value, error: error + 4 * m.ulp };
  };
  /** exp(-z^2 / 2) of a square of two roundings; it is nowhere steeper than 0.242. */
  const density = (z: Bounded): Bounded => {
    const square = (Math.abs(z.value) + z.error) ** 2;
    return m.rounded(normalDensity(z.value), 0.242 * z.error, 5 + 2 * square);
  };
  const geluArgument = (z: Bounded) => {
    const cube = m.multiply(z, m.multiply(z, z));
    return m.multiply(
      m.stored(2 * Math.sqrt(2 / Math.PI)),
      m.add(z, m.multiply(m.stored(0.044715), cube)),
    );
  };
  const mishTanh = (z: Bounded) =>
    m.monotone(tanhOfSoftplus, z, 10 + 2 * (Math.abs(z.value) + z.error));
  const onePlusSize = (z: Bounded) => m.add(ONE, absolute(z));
  const activations: Record<Elementwise, BoundedActivation> = {
    linear: { value: (z) => z, slope: () => ONE },
    relu: {
      value: (z) =>
        branch(
          z,
          () => z,
          () => ZERO,
        ),
      slope: (z) =>
        branch(
          z,
          () => ONE,
          () => ZERO,
        ),
    },
    leakyReLU: {
      value: (z, alpha) =>
        branch(
          z,
          () => z,
          () => m.multiply(alpha, z),
        ),
      slope: (z, _a, alpha) =>
        branch(
          z,
          () => ONE,
          () => alpha,
        ),
    },
    elu: {
      value: (z, alpha) =>
        branch(
          z,
          () => z,
          () => m.multiply(alpha, m.expm1(z)),
        ),
      slope: (z, _a, alpha) =>
        branch(
          z,
          () => ONE,
          () => m.multiply(alpha, m.exp(z)),
        ),
    },
    selu: {
      value: (z) =>
        branch(
          z,
          () => m.multiply(scale, z),
          () => m.multiply(alphaScale, m.expm1(z)),
        ),
      slope: (z) =>
        branch(
          z,
          () => scale,
          () => m.multiply(alphaScale, m.exp(z)),
        ),
    },
    gelu: {
      value: (z) => m.multiply(z, cumulative(z)),
      slope: (z) => m.add(cumulative(z), m.multiply(z, density(z))),
    },
    geluTanh: {
      value: (z) => m.multiply(z, m.sigmoid(geluArgument(z))),
      slope: (z) => {
        const u = geluArgument(z);
        const cubic = m.multiply(m.stored(3 * 0.044715), m.multiply(z, z));
        const du = m.multiply(m.stored(2 * Math.sqrt(2 / Math.PI)), m.add(ONE, cubic));
        const rest = m.multiply(m.multiply(z, du), m.sigmoid(negate(u)));
        return m.multiply(m.sigmoid(u), m.add(ONE, rest));
      },
    },
    sigmoid: {
      value: (z) => m.sigmoid(z),
      slope: (_z, a) => m.multiply(a, m.subtract(ONE, a)),
    },
    hardSigmoid: {
      value: (z) => clamp(m.add(m.divide(z, m.stored(6)), half), ZERO, ONE),
      slope: (z) =>
        branch(
          m.add(z, m.stored(3)),
          () =>
            branch(
              m.subtract(z, m.stored(3)),
              () => ZERO,
              () => sixth,
            ),
          () => ZERO,
        ),
    },
    tanh: {
      value: (z) => m.tanh(z),
      slope: (_z, a) => m.subtract(ONE, m.multiply(a, a)),
    },
    softplus: { value: (z) => m.softplus(z), slope: (z) => m.sigmoid(z) },
    softsign: {
      value: (z) => m.monotone((v) => v / (1 + Math.abs(v)), z, 3.5),
      slope: (z) => m.divide(ONE, m.multiply(onePlusSize(z), onePlusSize(z))),
    },
    swish: {
      value: (z) => m.multiply(z, m.sigmoid(z)),
      slope: (z) => m.multiply(m.sigmoid(z), m.add(ONE, m.multiply(z, m.sigmoid(negate(z))))),
    },
    mish: {
      value: (z) => m.multiply(z, mishTanh(z)),
      slope: (z) => {
        const t = mishTanh(z);
        const rest = m.subtract(ONE, m.multiply(t, t));
        return m.add(t, m.multiply(m.multiply(z, m.sigmoid(z)), rest));
      },
    },
    exponential: { value: (z) => m.exp(z), slope: (_z, a) => a },
  };
  return activations[name];
}

/**
 * Logarithms of the softmax of a row, log p = z - log sum exp(z). What the z are off moves log p[j]
 * by at most (1 - p[j]) of z[j]'s error and p[k] of every other's, with shares p within the errors.
 */
export function logSoftmax(m: Arithmetic, row: readonly Bounded[]): Bounded[] {
  const top = row.reduce((a, b) => (b.value > a.value ? b : a)).value;
  const exps = row.map(({ value }) => Math.exp(value - top));
  const sum = exps.reduce((a, b) => a + b, 0);
  const widening = Math.exp(2 * Math.max(...row.map(({ error }) => error)));
  const share = (k: number) => Math.min(1, (exps[k] / sum) * widening);
  // Each difference from the largest is rounded, exponentiated and summed; then the logarithm.
  const rounding = (difference: number) => m.ulp * Math.abs(difference);
  const roundedSum = m.sum(
    row.map(({ value }) => m.exp({ value: value - top, error: rounding(value - top) })),
  );
  const logSum = m.log(roundedSum);
  const carriedByAll = row.reduce((all, { error }, k) => all + share(k) * error, 0);
  return row.map(({ value, error }, j) => {
    const others = Math.min(1, ((sum - exps[j]) / sum) * widening);
    const carried = carriedByAll - share(j) * error + others * error;
    const own = rounding(value - top) + logSum.error;
    return m.rounded(value - top - logSum.value, carried + own);
  });
}

export function softmax(m: Arithmetic, row: readonly Bounded[]): Bounded[] {
  if (row.length === 1) return [ONE];
  // exp(z - top) / sum: two exponentials and a quotient, none of a larger number than log p.
  return logSoftmax(m, row).map((logP) =>
    m.multiply({ value: 1, error: 2.5 * m.ulp }, m.exp(logP)),
  );
}

/** dInput[j] = p[j] (dOutput[j] - sum over k of p[k] dOutput[k]) */
export function softmaxGradient(
  m: Arithmetic,
  p: readonly Bounded[],
  dOutput: readonly Bounded[],
): Bounded[] {
  const dot = m.sum(p.map((share, k) => m.multiply(share, dOutput[k])));
  return p.map((share, j) => m.multiply(share, m.subtract(dOutput[j], dot)));
}
