// How much work an operation is, whoever does it. The same convention for every adapter, so that
// rates can be compared: what an implementation does beyond it (padding, recomputation, gradients
// that it writes out and reads again) only lowers its rate.

import type { Network } from "../compile/plan.ts";
import type { OperationCounts } from "../engine/benchmark.ts";

const FLOAT_BYTES = 4;

export interface LayerSize {
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
  readonly networks: number;
}

export type Product = "gemm-forward" | "gemm-dx" | "gemm-dw";

/**
 * One product of a dense layer: 2 * batch * inputs * units flops per network, and each tensor once:
 *
 *   forward  reads input, kernel, bias                 writes output
 *   dX       reads dPreActivation, kernel, and input   writes dInput
 *            for the slope of the layer before
 *   dW       reads input, dPreActivation               writes dKernel, dBias
 */
export function productCounts(product: Product, size: LayerSize): OperationCounts {
  const { batch, inputs, units, networks } = size;
  const [input, output, kernel] = [batch * inputs, batch * units, inputs * units];
  const floats = {
    "gemm-forward": input + kernel + units + output,
    "gemm-dx": output + kernel + 2 * input,
    "gemm-dw": input + output + kernel + units,
  }[product];
  return {
    flops: 2 * batch * inputs * units * networks,
    bytes: FLOAT_BYTES * floats * networks,
    modelSteps: 0,
  };
}

/**
 * One step of `networks` networks. Flops: forward and dW of every layer, dX of all but the first;
 * losses, activations and the optimizer are left out. Bytes: what outlives the step, which is
 * parameters and optimizer state, read and written, and the batch and its labels, read. Activations
 * and gradients need never leave the chip.
 *
 * @param optimizerSlots Numbers that the optimizer keeps per parameter: 2 for Adam.
 */
export function stepCounts(
  network: Pick<Network, "layers" | "inputs" | "layout">,
  batch: number,
  networks: number,
  optimizerSlots: number,
): OperationCounts {
  const products = network.layers.reduce(
    (sum, { inputs, units }, l) => sum + (l === 0 ? 2 : 3) * inputs * units,
    0,
  );
  const state = 2 * (1 + optimizerSlots) * network.layout.size;
  return {
    flops: 2 * batch * products * networks,
    bytes: FLOAT_BYTES * (state + batch * (network.inputs + 1)) * networks,
    modelSteps: networks,
  };
}
