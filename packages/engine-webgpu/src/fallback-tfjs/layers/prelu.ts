// z where it is positive, else alpha z, with a trained alpha for every unit.

import { add, minimum, mul, relu, reshape, sum, type Tensor } from "@tensorflow/tfjs-core";
import { slopeOfHalves } from "./activation.ts";
import type { Layer, SampleShape } from "./layer.ts";

export function prelu(inputShape: SampleShape): Layer {
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [{ name: "alpha", shape: inputShape }],
    forward([alphas], input) {
      const alpha: Tensor = reshape(alphas, [alphas.shape[0], 1, ...inputShape]);
      const below = minimum(input, 0);
      return {
        output: add(relu(input), mul(below, alpha)),
        backward: (dOutput) => ({
          dParameters: [sum(mul(dOutput, below), 1)],
          dInput: () => mul(dOutput, slopeOfHalves(input, alpha)),
        }),
      };
    },
  };
}
