// A dense layer: forward, and the three gradients of backward. A `d` in front of a name is the
// derivative of the batch's loss with respect to it.
//
//   input          (batch, inputs)
//   kernel         (inputs, units)
//   bias           (units)           null without one
//   preActivation  (batch, units)

import { multiply } from "./matmul.ts";
import type { Tensor } from "./tensor.ts";

export interface DenseShape {
  readonly inputs: number;
  readonly units: number;
}

/** preActivation[b, j] = bias[j] + sum_i input[b, i] * kernel[i, j] */
export function denseForward(
  { inputs, units }: DenseShape,
  batch: number,
  input: Tensor,
  kernel: Tensor,
  bias: Tensor | null,
  preActivation: Tensor,
): void {
  multiply(preActivation, batch, units, inputs, bias, input, inputs, 1, kernel, 1, units);
}

/** dKernel[i, j] = sum_b input[b, i] * dPreActivation[b, j] */
export function denseKernelGradient(
  { inputs, units }: DenseShape,
  batch: number,
  input: Tensor,
  dPreActivation: Tensor,
  dKernel: Tensor,
): void {
  multiply(dKernel, inputs, units, batch, null, input, 1, inputs, dPreActivation, 1, units);
}

/** dBias[j] = sum_b dPreActivation[b, j] */
export function denseBiasGradient(
  { units }: DenseShape,
  batch: number,
  dPreActivation: Tensor,
  dBias: Tensor,
): void {
  for (let j = 0; j < units; j++) {
    let sum = 0;
    for (let b = 0; b < batch; b++) sum += dPreActivation[b * units + j];
    dBias[j] = sum;
  }
}

/** dInput[b, i] = sum_j dPreActivation[b, j] * kernel[i, j] */
export function denseInputGradient(
  { inputs, units }: DenseShape,
  batch: number,
  dPreActivation: Tensor,
  kernel: Tensor,
  dInput: Tensor,
): void {
  multiply(dInput, batch, inputs, units, null, dPreActivation, units, 1, kernel, units, 1);
}
