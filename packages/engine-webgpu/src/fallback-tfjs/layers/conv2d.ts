// A 2-D convolution of every network with its own kernel. tfjs has no convolution with groups, so
// the windows are laid out as columns (im2col) and one batched matMul over the model axis does the
// arithmetic; no loop over networks.
//
//   input   (models, batch, height, width, channels)
//   kernel  (models, kernelHeight, kernelWidth, channels, filters)
//   bias    (models, filters)
//   columns (models, kernel positions * channels, windows)

import { add, concat, reshape, slice, sum, type Tensor, transpose } from "@tensorflow/tfjs-core";
import { batchedMatMul, withNonFiniteOf } from "./batched-mat-mul.ts";
import type { Layer, SampleShape } from "./layer.ts";
import { type WindowOptions, Windows } from "./windows.ts";

export interface Conv2dOptions extends WindowOptions {
  readonly filters: number;
  readonly useBias: boolean;
}

export function conv2d(inputShape: SampleShape, options: Conv2dOptions): Layer {
  const [height, width, channels] = inputShape;
  const { filters, kernelSize, useBias } = options;
  const windows = new Windows([height, width], options);
  const { outputSize, positions } = windows;
  const rows = positions * channels;
  return {
    inputShape,
    outputShape: [...outputSize, filters],
    parameters: [
      { name: "kernel", shape: [...kernelSize, channels, filters] },
      ...(useBias ? [{ name: "bias" as const, shape: [filters] }] : []),
    ],
    forward([kernel, bias], input) {
      const [models, batch] = input.shape;
      const count = batch * outputSize[0] * outputSize[1];
      const weights = reshape(kernel, [models, rows, filters]);
      const planes = reshape(transpose(input, [0, 4, 1, 2, 3]), [
        models * channels,
        batch,
        height,
        width,
      ]);
      const slices = windows
        .slices(planes)
        .map((part) => reshape(part, [models, channels * count]));
      const columns = reshape(slices.length === 1 ? slices[0] : concat(slices, 1), [
        models,
        rows,
        count,
      ]);
      const product = batchedMatMul(columns, weights, true, false);
      const sums: Tensor = useBias ? add(product, reshape(bias, [models, 1, filters])) : product;
      return {
        output: reshape(sums, [models, batch, ...outputSize, filters]),
        backward(dOutput) {
          const dSums = reshape(dOutput, [models, count, filters]);
          const dKernel = reshape(batchedMatMul(columns, dSums), kernel.shape);
          return {
            dParameters: useBias ? [dKernel, sum(dSums, 1)] : [withNonFiniteOf(dSums, dKernel)],
            dInput() {
              const dColumns = batchedMatMul(weights, dSums, false, true);
              const dSlices = Array.from({ length: positions }, (_, position) =>
                slice(dColumns, [0, position * channels, 0], [models, channels, count]),
              );
              const dPlanes = windows.scatter(dSlices, models * channels, batch);
              return transpose(
                reshape(dPlanes, [models, channels, batch, height, width]),
                [0, 2, 3, 4, 1],
              );
            },
          };
        },
      };
    },
  };
}
