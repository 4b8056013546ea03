// Dropout, alpha dropout and Gaussian noise. Their numbers are core's, computed here on the host and
// uploaded: tfjs has no counter-based generator, and another one would draw other networks. For 256
// networks 20-64-32-1 and batch 32 a dropout behind the 64 units adds 20 ms to a step of 105 ms on
// tfjs-wasm, on the two-core machine this was written on.

import { drawUniforms, normalAt, Stream } from "@convergence-lab/core";
import { add, mul, sub, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { perNetwork } from "../per-network.ts";
import { SELU_ALPHA, SELU_SCALE } from "./activation.ts";
import type { Layer, Pass, SampleShape } from "./layer.ts";

/** What is kept is scaled up in training, so that inference has nothing to do. */
export function dropout(
  inputShape: SampleShape,
  position: number,
  rates: readonly number[],
): Layer {
  return inTraining(inputShape, (input, pass) => {
    const kept = draws(input, pass, (out, seed, model) =>
      keptOf(out, seed, Stream.dropout + position, pass.step, rates[model]),
    );
    const scale = perNetwork(
      rates.map((rate) => 1 / (1 - rate)),
      input.rank,
    );
    return {
      output: mul(mul(input, scale), kept),
      dInput: (dOutput) => mul(mul(dOutput, scale), kept),
    };
  });
}

/**
 * Klambauer et al., "Self-normalizing neural networks", 2017: what is dropped takes selu's value at
 * minus infinity, and an affine map restores mean and variance.
 */
export function alphaDropout(
  inputShape: SampleShape,
  position: number,
  rates: readonly number[],
): Layer {
  const dropped = -SELU_ALPHA * SELU_SCALE;
  const scales = rates.map((rate) => 1 / Math.sqrt((1 - rate) * (1 + rate * dropped * dropped)));
  return inTraining(inputShape, (input, pass) => {
    const kept = draws(input, pass, (out, seed, model) =>
      keptOf(out, seed, Stream.dropout + position, pass.step, rates[model]),
    );
    const numbers = (values: readonly number[]) => perNetwork(values, input.rank);
    const scale = numbers(scales);
    const shift = numbers(scales.map((a, model) => -a * dropped * rates[model]));
    const instead = mul(sub(1, kept), numbers(scales.map((a) => a * dropped)));
    return {
      output: add(add(mul(mul(input, scale), kept), instead), shift),
      dInput: (dOutput) => mul(mul(dOutput, scale), kept),
    };
  });
}

export function gaussianNoise(
  inputShape: SampleShape,
  position: number,
  deviations: readonly number[],
): Layer {
  return inTraining(inputShape, (input, pass) => {
    const noise = draws(input, pass, (out, seed) => {
      for (let i = 0; i < out.length; i++) {
        out[i] = normalAt(seed, Stream.noise + position, i, pass.step);
      }
    });
    return {
      output: add(input, mul(noise, perNetwork(deviations, input.rank))),
      dInput: (dOutput) => dOutput,
    };
  });
}

function keptOf(out: Float32Array, seed: number, stream: number, step: number, rate: number): void {
  drawUniforms(out, seed, stream, step);
  for (let i = 0; i < out.length; i++) out[i] = out[i] >= rate ? 1 : 0;
}

/** Numbers in the shape of `input`, drawn for each network by its own seed. */
function draws(
  input: Tensor,
  { seeds }: Pass,
  draw: (out: Float32Array, seed: number, model: number) => void,
): Tensor {
  const values = new Float32Array(input.size);
  const size = input.size / seeds.length;
  seeds.forEach((seed, model) => {
    draw(values.subarray(model * size, (model + 1) * size), seed, model);
  });
  return tensor(values, input.shape);
}

/** A layer that passes its input through in inference. */
function inTraining(
  inputShape: SampleShape,
  train: (
    input: Tensor,
    pass: Pass,
  ) => { readonly output: Tensor; readonly dInput: (dOutput: Tensor) => Tensor },
): Layer {
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [],
    forward(_parameters, input, pass) {
      const { output, dInput } = pass.training
        ? train(input, pass)
        : { output: input, dInput: (dOutput: Tensor) => dOutput };
      return {
        output,
        backward: (dOutput) => ({ dParameters: [], dInput: () => dInput(dOutput) }),
      };
    },
  };
}
