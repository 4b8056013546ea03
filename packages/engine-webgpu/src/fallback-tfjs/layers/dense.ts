// A dense layer of every network at once: each product is one batched matMul over the model axis.
//
//   input   (models, batch, ..., inputs)   axes between batch and inputs count as samples
//   kernel  (models, inputs, units)
//   bias    (models, units)

import { add, reshape, sum, type Tensor } from "@tensorflow/tfjs-core";
import { batchedMatMul, withNonFiniteOf } from "./batched-mat-mul.ts";
import { type Layer, type SampleShape, sizeOf } from "./layer.ts";

export interface DenseOptions {
  readonly units: number;
  readonly useBias: boolean;
}

export function dense(inputShape: SampleShape, { units, useBias }: DenseOptions): Layer {
  const inputs = inputShape[inputShape.length - 1];
  const outputShape = [...inputShape.slice(0, -1), units];
  const rowsPerSample = sizeOf(inputShape) / inputs;
  return {
    inputShape,
    outputShape,
    parameters: [
      { name: "kernel", shape: [inputs, units] },
      ...(useBias ? [{ name: "bias" as const, shape: [units] }] : []),
    ],
    forward([kernel, bias], input) {
      const [models, batch] = input.shape;
      const rows = reshape(input, [models, batch * rowsPerSample, inputs]);
      const product = batchedMatMul(rows, kernel);
      const sums: Tensor = useBias ? add(product, reshape(bias, [models, 1, units])) : product;
      return {
        output: reshape(sums, [models, batch, ...outputShape]),
        backward(dOutput) {
          const dSums = reshape(dOutput, [models, batch * rowsPerSample, units]);
          const dKernel = batchedMatMul(rows, dSums, true, false);
          return {
            dParameters: useBias ? [dKernel, sum(dSums, 1)] : [withNonFiniteOf(dSums, dKernel)],
            dInput: () => reshape(batchedMatMul(dSums, kernel, false, true), input.shape),
          };
        },
      };
    },
  };
}
