// A depthwise 2-D convolution: every channel of every network has kernels of its own, so the
// batched matMul runs over models and channels together.
//
//   input   (models, batch, height, width, channels)
//   kernel  (models, kernelHeight, kernelWidth, channels, depthMultiplier)
//   bias    (models, channels * depthMultiplier)
//   columns (models * channels, kernel positions, windows)

import { add, concat, reshape, slice, sum, type Tensor, transpose } from "@tensorflow/tfjs-core";
import { batchedMatMul, withNonFiniteOf } from "./batched-mat-mul.ts";
import type { Layer, SampleShape } from "./layer.ts";
import { type WindowOptions, Windows } from "./windows.ts";

export interface DepthwiseConv2dOptions extends WindowOptions {
  readonly depthMultiplier: number;
  readonly useBias: boolean;
}

export function depthwiseConv2d(inputShape: SampleShape, options: DepthwiseConv2dOptions): Layer {
  const [height, width, channels] = inputShape;
  const { depthMultiplier, kernelSize, useBias } = options;
  const windows = new Windows([height, width], options);
  const { outputSize, positions } = windows;
  const filters = channels * depthMultiplier;
  return {
    inputShape,
    outputShape: [...outputSize, filters],
    parameters: [
      { name: "kernel", shape: [...kernelSize, channels, depthMultiplier] },
      ...(useBias ? [{ name: "bias" as const, shape: [filters] }] : []),
    ],
    forward([kernel, bias], input) {
      const [models, batch] = input.shape;
      const groups = models * channels;
      const count = batch * outputSize[0] * outputSize[1];
      // (models, positions, channels, multiplier) <-> (models * channels, positions, multiplier)
      const grouped = transpose(
        reshape(kernel, [models, positions, channels, depthMultiplier]),
        [0, 2, 1, 3],
      );
      const weights = reshape(grouped, [groups, positions, depthMultiplier]);
      const planes = transpose(input, [0, 4, 1, 2, 3]);
      const slices = windows
        .slices(reshape(planes, [groups, batch, height, width]))
        .map((part) => reshape(part, [groups, 1, count]));
      const columns = slices.length === 1 ? slices[0] : concat(slices, 1);
      const product = reshape(batchedMatMul(columns, weights, true, false), [
        models,
        channels,
        count,
        depthMultiplier,
      ]);
      const rows = reshape(transpose(product, [0, 2, 1, 3]), [models, count, filters]);
      const sums: Tensor = useBias ? add(rows, reshape(bias, [models, 1, filters])) : rows;
      return {
        output: reshape(sums, [models, batch, ...outputSize, filters]),
        backward(dOutput) {
          const dRows = reshape(dOutput, [models, count, channels, depthMultiplier]);
          const dSums = reshape(transpose(dRows, [0, 2, 1, 3]), [groups, count, depthMultiplier]);
          const dWeights = reshape(batchedMatMul(columns, dSums), [
            models,
            channels,
            positions,
            depthMultiplier,
          ]);
          const dKernel = reshape(transpose(dWeights, [0, 2, 1, 3]), kernel.shape);
          return {
            dParameters: useBias
              ? [dKernel, sum(reshape(dOutput, [models, count, filters]), 1)]
              : [withNonFiniteOf(dOutput, dKernel)],
            dInput() {
              const dColumns = batchedMatMul(weights, dSums, false, true);
              const dSlices = Array.from({ length: positions }, (_, position) =>
                slice(dColumns, [0, position, 0], [groups, 1, count]),
              );
              const dPlanes = windows.scatter(dSlices, groups, batch);
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
