// Initial weights of a network by Keras's initializers. Every number is a function of
// (seed, layer, position in the layer), so an engine may draw them in any order, or on the device.

import type { Network, ParameterTensor } from "../compile/plan.ts";
import { normalAt, Stream, uniformAt } from "../shared/random.ts";
import type { Initializer } from "../spec/spec.ts";

/** The parameters of `network` before its first step, flat in the order of `network.layout`. */
export function initialParameters(network: Network, seed: number): Float32Array {
  const parameters = new Float32Array(network.layout.size);
  const placeInLayer = new Uint32Array(network.layers.length);
  for (const tensor of network.layout.tensors) {
    const layer = network.layers[tensor.layer];
    const draw = initializer(
      tensor.kind === "kernel" ? layer.kernelInitializer : layer.biasInitializer,
      tensor,
    );
    const stream = Stream.initialWeights + tensor.layer;
    for (let i = 0; i < tensor.size; i++) {
      parameters[tensor.offset + i] = draw(seed, stream, placeInLayer[tensor.layer] + i);
    }
    placeInLayer[tensor.layer] += tensor.size;
  }
  return parameters;
}

type Draw = (seed: number, stream: number, index: number) => number;

function initializer(name: Initializer, tensor: ParameterTensor): Draw {
  const [fanIn, fanOut] = fans(tensor);
  switch (name) {
    case "glorotUniform":
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
    case "heUniform":
      return uniform(Math.sqrt(6 / fanIn));
    case "leCunUniform":
      return uniform(Math.sqrt(3 / fanIn));
    case "randomUniform":
      return uniform(0.05);
    case "glorotNormal":
      return truncatedNormal(Math.sqrt(2 / (fanIn + fanOut)));
    case "heNormal":
      return truncatedNormal(Math.sqrt(2 / fanIn));
    case "leCunNormal":
      return truncatedNormal(Math.sqrt(1 / fanIn));
    case "randomNormal":
      return (seed, stream, index) => 0.05 * normalAt(seed, stream, index);
    case "zeros":
      return () => 0;
    case "ones":
      return () => 1;
  }
}

/** Keras takes both fans of a vector, such as a bias, to be its length. */
function fans({ shape }: ParameterTensor): [fanIn: number, fanOut: number] {
  return [shape[0], shape[shape.length - 1]];
}

function uniform(limit: number): Draw {
  return (seed, stream, index) => limit * (2 * uniformAt(seed, stream, index) - 1);
}

/** Standard deviation of a standard normal number that is redrawn outside +-2; Keras's constant. */
const TRUNCATED_SD = 0.87962566103423978;

/** Redrawn outside two standard deviations, and scaled so that `sd` is met after truncation. */
function truncatedNormal(sd: number): Draw {
  return (seed, stream, index) => {
    let value = normalAt(seed, stream, index);
    for (let step = 1; Math.abs(value) > 2; step++) value = normalAt(seed, stream, index, step);
    return (sd / TRUNCATED_SD) * value;
  };
}
