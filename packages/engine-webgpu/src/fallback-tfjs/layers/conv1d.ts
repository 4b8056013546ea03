// A 1-D convolution: a 2-D one over images of one row.
//
//   input   (models, batch, steps, channels)
//   kernel  (models, kernelSize, channels, filters)

import { expandDims, reshape } from "@tensorflow/tfjs-core";
import { conv2d } from "./conv2d.ts";
import type { Layer, SampleShape } from "./layer.ts";
import type { Padding } from "./windows.ts";

export interface Conv1dOptions {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly dilation: number;
  readonly padding: Padding;
  readonly useBias: boolean;
}

export function conv1d(inputShape: SampleShape, options: Conv1dOptions): Layer {
  const [steps, channels] = inputShape;
  const { kernelSize, strides, dilation } = options;
  const image = conv2d([1, steps, channels], {
    ...options,
    kernelSize: [1, kernelSize],
    strides: [1, strides],
    dilation: [1, dilation],
  });
  const outputShape = image.outputShape.slice(1);
  return {
    inputShape,
    outputShape,
    parameters: image.parameters.map((rule) =>
      rule.name === "kernel" ? { ...rule, shape: rule.shape.slice(1) } : rule,
    ),
    forward(parameters, input, pass) {
      const [models, batch] = input.shape;
      const [kernel, ...rest] = parameters;
      const row = image.forward([expandDims(kernel, 1), ...rest], expandDims(input, 2), pass);
      return {
        output: reshape(row.output, [models, batch, ...outputShape]),
        backward(dOutput) {
          const { dParameters, dInput } = row.backward(reshape(dOutput, row.output.shape));
          return {
            dParameters: [reshape(dParameters[0], kernel.shape), ...dParameters.slice(1)],
            dInput: () => reshape(dInput(), input.shape),
          };
        },
      };
    },
  };
}
