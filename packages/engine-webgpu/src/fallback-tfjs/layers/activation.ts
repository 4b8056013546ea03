// Activations as Keras defines them, as layers without parameters; prelu.ts has one. Their numbers are those of
// core's reference engine: only non-positive numbers are exponentiated, a NaN that goes in comes
// out, and at a kink the slope is that of the left side.

import type { Activation } from "@convergence-lab/core";
import {
  abs,
  add,
  div,
  erf,
  exp,
  expm1,
  log1p,
  max,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  scalar,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@tensorflow/tfjs-core";
import { perNetwork } from "../per-network.ts";
import type { Layer, SampleShape } from "./layer.ts";

/** @param alphas Slope or scale of each network, where the activation has one. */
export function activation(
  inputShape: SampleShape,
  name: Exclude<Activation, "prelu">,
  alphas: readonly number[],
): Layer {
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [],
    forward(_parameters, input) {
      const alpha = perNetwork(alphas, input.rank);
      const output = activate(name, input, alpha);
      return {
        output,
        backward: (dOutput) => ({
          dParameters: [],
          dInput: () => activationGradient(name, input, output, alpha, dOutput),
        }),
      };
    },
  };
}

type Parameterless = Exclude<Activation, "prelu">;

/** Elementwise, or over the last axis. */
function activate(name: Parameterless, z: Tensor, alpha: Tensor): Tensor {
  return name === "softmax" ? softmax(z) : ELEMENTWISE[name].value(z, alpha);
}

/** dInput of `activate`, given its input `z` and its output `a`. */
function activationGradient(
  name: Parameterless,
  z: Tensor,
  a: Tensor,
  alpha: Tensor,
  dA: Tensor,
): Tensor {
  if (name === "linear") return dA;
  if (name === "softmax") return mul(a, sub(dA, sum(mul(a, dA), -1, true)));
  return mul(dA, ELEMENTWISE[name].slope(z, a, alpha));
}

/** 1 / (1 + exp(-z)) without a number that overflows. */
export function sigmoid(z: Tensor): Tensor {
  return div(exp(minimum(z, 0)), add(exp(neg(abs(z))), 1));
}

/** The derivative of the sigmoid where its value is `a`. */
export function sigmoidSlope(a: Tensor): Tensor {
  return mul(a, sub(1, a));
}

/** log(1 + exp(-|z|)) */
export function log1pExpOfMinusAbs(z: Tensor): Tensor {
  return log1p(exp(neg(abs(z))));
}

/** 1 where z is positive, else `below`; step of NaN is NaN, as its product with anything is. */
export function slopeOfHalves(z: Tensor, below: Tensor): Tensor {
  const above = step(z);
  return add(above, mul(sub(1, above), below));
}

interface Elementwise {
  readonly value: (z: Tensor, alpha: Tensor) => Tensor;
  /** The derivative at the pre-activation `z`, whose activation is `a`. */
  readonly slope: (z: Tensor, a: Tensor, alpha: Tensor) => Tensor;
}

// Klambauer et al., "Self-normalizing neural networks", 2017, with the digits Keras has.
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;

const ELEMENTWISE: Record<Exclude<Parameterless, "softmax">, Elementwise> = {
  linear: { value: (z) => z, slope: () => scalar(1) },
  relu: { value: relu, slope: (z) => step(z) },
  leakyReLU: {
    value: (z, alpha) => add(relu(z), mul(minimum(z, 0), alpha)),
    slope: (z, _a, alpha) => slopeOfHalves(z, alpha),
  },
  elu: {
    value: (z, alpha) => add(relu(z), mul(expm1(minimum(z, 0)), alpha)),
    slope: (z, _a, alpha) => slopeOfHalves(z, mul(exp(minimum(z, 0)), alpha)),
  },
  selu: {
    value: (z) => add(mul(relu(z), SELU_SCALE), mul(expm1(minimum(z, 0)), SELU_SCALE * SELU_ALPHA)),
    slope: (z) => mul(mul(exp(minimum(z, 0)), step(z, SELU_ALPHA)), SELU_SCALE),
  },
  gelu: {
    value: (z) => mul(z, normalDistribution(z)),
    slope: (z) => add(normalDistribution(z), mul(z, normalDensity(z))),
  },
  // (1 + tanh(u)) / 2 is sigmoid(2 u), which keeps its digits where tanh is close to -1.
  geluTanh: {
    value: (z) => mul(z, sigmoid(geluArgument(z))),
    slope: (z) => {
      const u = geluArgument(z);
      const du = mul(add(mul(square(z), 3 * GELU_CUBIC), 1), 2 * GELU_SCALE);
      return mul(sigmoid(u), add(mul(mul(z, du), sigmoid(neg(u))), 1));
    },
  },
  sigmoid: { value: sigmoid, slope: (_z, a) => sigmoidSlope(a) },
  hardSigmoid: {
    value: (z) => minimum(maximum(add(div(z, 6), 0.5), 0), 1),
    // At both kinks the slope of the left: 0 at -3, 1/6 at 3.
    slope: (z) => div(mul(step(add(z, 3)), sub(1, step(sub(z, 3)))), 6),
  },
  tanh: { value: tanh, slope: (_z, a) => sub(1, square(a)) },
  softplus: { value: (z) => add(relu(z), log1pExpOfMinusAbs(z)), slope: sigmoid },
  softsign: {
    value: (z) => div(z, add(abs(z), 1)),
    slope: (z) => div(1, square(add(abs(z), 1))),
  },
  swish: {
    value: (z) => mul(z, sigmoid(z)),
    slope: (z) => mul(sigmoid(z), add(mul(z, sigmoid(neg(z))), 1)),
  },
  mish: {
    value: (z) => mul(z, tanhOfSoftplus(z)),
    slope: (z) => {
      const t = tanhOfSoftplus(z);
      return add(t, mul(mul(z, sigmoid(z)), sub(1, square(t))));
    },
  },
  exponential: { value: exp, slope: (_z, a) => a },
};

// Hendrycks and Gimpel, "Gaussian error linear units", 2016.
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** Twice the argument of the tanh. */
function geluArgument(z: Tensor): Tensor {
  return mul(mul(z, add(mul(square(z), GELU_CUBIC), 1)), 2 * GELU_SCALE);
}

/** With e = exp(-|z|): e (e + 2) over that and 2 below zero, 1 + 2 e over that and 2 e^2 above. */
function tanhOfSoftplus(z: Tensor): Tensor {
  const e = exp(neg(abs(z)));
  const below = step(neg(z));
  const numerator = add(mul(below, mul(e, add(e, 2))), mul(sub(1, below), add(mul(e, 2), 1)));
  const rest = add(mul(below, 2), mul(sub(1, below), mul(square(e), 2)));
  return div(numerator, add(numerator, rest));
}

/** The largest entry is subtracted first. Over one unit this is the constant 1. */
function softmax(z: Tensor): Tensor {
  const e = exp(sub(z, max(z, -1, true)));
  return div(e, sum(e, -1, true));
}

/** tfjs computes `erf` by a polynomial that is off by 1.5e-7 at most. */
function normalDistribution(z: Tensor): Tensor {
  return mul(add(erf(mul(z, Math.SQRT1_2)), 1), 0.5);
}

function normalDensity(z: Tensor): Tensor {
  return mul(exp(mul(square(z), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}
