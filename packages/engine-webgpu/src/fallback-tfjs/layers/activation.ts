// Activations as Keras defines them, as layers without parameters. Their numbers are those of
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
import type { Layer, SampleShape } from "./layer.ts";

export function activation(inputShape: SampleShape, name: Activation): Layer {
  return {
    outputShape: inputShape,
    parameters: [],
    forward(_parameters, input) {
      const output = activate(name, input);
      return {
        output,
        backward: (dOutput) => ({
          dParameters: [],
          dInput: () => activationGradient(name, input, output, dOutput),
        }),
      };
    },
  };
}

/** Elementwise, or over the last axis. */
export function activate(name: Activation, z: Tensor): Tensor {
  return name === "softmax" ? softmax(z) : ELEMENTWISE[name as ElementwiseActivation].value(z);
}

/** dInput of `activate`, given its input `z` and its output `a`. */
export function activationGradient(name: Activation, z: Tensor, a: Tensor, dA: Tensor): Tensor {
  if (name === "linear") return dA;
  if (name === "softmax") return mul(a, sub(dA, sum(mul(a, dA), -1, true)));
  return mul(dA, ELEMENTWISE[name as ElementwiseActivation].slope(z, a));
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

interface Elementwise {
  readonly value: (z: Tensor) => Tensor;
  /** The derivative at the pre-activation `z`, whose activation is `a`. */
  readonly slope: (z: Tensor, a: Tensor) => Tensor;
}

/** Keras's `leaky_relu` as an activation by name. */
const LEAKY_SLOPE = 0.3;

// Klambauer et al., "Self-normalizing neural networks", 2017, with the digits Keras has.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** Elementwise activations that tfjs has here; coverage.ts refuses the others. */
type ElementwiseActivation = Exclude<
  Activation,
  "softmax" | "prelu" | "geluTanh" | "hardSigmoid" | "mish"
>;

const ELEMENTWISE: Record<ElementwiseActivation, Elementwise> = {
  linear: { value: (z) => z, slope: () => scalar(1) },
  relu: { value: relu, slope: (z) => step(z) },
  leakyReLU: {
    value: (z) => add(relu(z), mul(minimum(z, 0), LEAKY_SLOPE)),
    slope: (z) => step(z, LEAKY_SLOPE),
  },
  elu: {
    value: (z) => add(relu(z), expm1(minimum(z, 0))),
    slope: (z) => exp(minimum(z, 0)),
  },
  selu: {
    value: (z) => add(mul(relu(z), SELU_SCALE), mul(expm1(minimum(z, 0)), SELU_SCALE * SELU_ALPHA)),
    slope: (z) => mul(mul(exp(minimum(z, 0)), step(z, SELU_ALPHA)), SELU_SCALE),
  },
  gelu: {
    value: (z) => mul(z, normalDistribution(z)),
    slope: (z) => add(normalDistribution(z), mul(z, normalDensity(z))),
  },
  sigmoid: { value: sigmoid, slope: (_z, a) => sigmoidSlope(a) },
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
};

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
