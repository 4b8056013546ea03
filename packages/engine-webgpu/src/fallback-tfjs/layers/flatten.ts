// Every sample as one vector, row-major.

import { reshape } from "@tensorflow/tfjs-core";
import { type Layer, type SampleShape, sizeOf } from "./layer.ts";

export function flatten(inputShape: SampleShape): Layer {
  const outputShape = [sizeOf(inputShape)];
  return {
    outputShape,
    parameters: [],
    forward: (_parameters, input) => ({
      output: reshape(input, [...input.shape.slice(0, 2), ...outputShape]),
      backward: (dOutput) => ({
        dParameters: [],
        dInput: () => reshape(dOutput, input.shape),
      }),
    }),
  };
}
