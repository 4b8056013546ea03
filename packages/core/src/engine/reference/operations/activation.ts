// An activation as a stage: elementwise, softmax over the units, or prelu with its trained slopes.

import type { Activation } from "../../../spec/words.ts";
import { ELEMENTWISE, type Elementwise } from "../activation.ts";
import type { Parameter, Site, Stage } from "../stage.ts";
import { type Tensor, tensor } from "../tensor.ts";

/**
 * Null for linear, which is no work.
 * @param slopes Those of prelu; null for every other activation.
 */
export function activationStage(
  activation: Activation,
  site: Site,
  slopes: Parameter | null,
): Stage | null {
  if (activation === "linear") return null;
  const { alpha } = site.numbers;
  const stage =
    activation === "softmax"
      ? softmax(site)
      : activation === "prelu"
        ? prelu(site, slopes!)
        : elementwise(site, ELEMENTWISE[activation]);
  return { ...stage, activation: { name: activation, alpha } };
}

function elementwise(site: Site, kind: Elementwise): Stage {
  const { input, units, capacity, precision, numbers } = site;
  const { alpha } = numbers;
  const output = tensor(precision, capacity * units);
  return {
    input,
    output,
    forward: (batch) => mapValues(kind, alpha, batch * units, input, output),
    backward: (batch, gradient) =>
      multiplyBySlopes(kind, alpha, batch * units, input, output, gradient),
  };
}

// The two loops stand apart from the closures that call them: their variables are then their own,
// not those of a scope, and the compiled loop is faster.

function mapValues(
  { value }: Elementwise,
  alpha: number,
  count: number,
  input: Tensor,
  output: Tensor,
): void {
  for (let i = 0; i < count; i++) output[i] = value(input[i], alpha);
}

function multiplyBySlopes(
  { slope }: Elementwise,
  alpha: number,
  count: number,
  input: Tensor,
  output: Tensor,
  gradient: Tensor,
): void {
  for (let i = 0; i < count; i++) gradient[i] *= slope(input[i], output[i], alpha);
}

function softmax({ input, units, capacity, precision }: Site): Stage {
  const output = tensor(precision, capacity * units);
  return {
    input,
    output,
    forward: (batch) => {
      for (let b = 0; b < batch; b++) softmaxRow(input, output, b * units, units);
    },
    backward: (batch, gradient) => {
      for (let b = 0; b < batch; b++) softmaxGradientRow(output, gradient, b * units, units);
    },
  };
}

/** The largest entry is subtracted first. Over one unit this is the constant 1. */
function softmaxRow(input: Tensor, output: Tensor, first: number, units: number) {
  let max = input[first];
  for (let j = 1; j < units; j++) max = Math.max(max, input[first + j]);
  let sum = 0;
  for (let j = 0; j < units; j++) sum += Math.exp(input[first + j] - max);
  for (let j = 0; j < units; j++) output[first + j] = Math.exp(input[first + j] - max) / sum;
}

/** dInput[j] = output[j] * (dOutput[j] - sum_k output[k] * dOutput[k]) */
function softmaxGradientRow(output: Tensor, gradient: Tensor, first: number, units: number) {
  let dot = 0;
  for (let j = 0; j < units; j++) dot += output[first + j] * gradient[first + j];
  for (let j = 0; j < units; j++) {
    gradient[first + j] = output[first + j] * (gradient[first + j] - dot);
  }
}

/** z where it is positive, else alpha[unit] * z. */
function prelu({ input, units, capacity, precision }: Site, alpha: Parameter): Stage {
  const output = tensor(precision, capacity * units);
  return {
    input,
    output,
    forward: (batch) => {
      for (let i = 0; i < batch * units; i++) {
        output[i] = input[i] < 0 ? alpha.values[i % units] * input[i] : input[i];
      }
    },
    backward: (batch, gradient) => {
      for (let j = 0; j < units; j++) {
        let dAlpha = 0;
        for (let i = j; i < batch * units; i += units) {
          if (input[i] > 0) continue;
          dAlpha += gradient[i] * input[i];
          gradient[i] *= alpha.values[j];
        }
        alpha.gradient[j] = dAlpha;
      }
    },
  };
}
