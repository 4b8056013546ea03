// A vector for every token, each network with its own table.
//
//   input       (models, batch, ...positions): token indices 0 .. inputDim - 1, as floats
//   embeddings  (models, inputDim, outputDim)
//   output      (models, batch, ...positions, outputDim)
//
// The gradient is a product with one-hot rows and no scatter: a scatter on tfjs-webgpu adds with
// float atomics, in an order that changes from run to run.

import {
  add,
  cast,
  concat,
  gather,
  oneHot,
  range,
  reshape,
  sub,
  type Tensor,
  type Tensor1D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { batchedMatMul, withNonFiniteOf } from "./batched-mat-mul.ts";
import { type Layer, type SampleShape, sizeOf } from "./layer.ts";

export interface EmbeddingOptions {
  /** Size of the vocabulary. */
  readonly inputDim: number;
  readonly outputDim: number;
}

/** Numbers in one block of one-hot rows: 64 MiB, half of what WebGPU binds by default. */
const LARGEST_BLOCK = 2 ** 24;

export function embedding(
  inputShape: SampleShape,
  { inputDim, outputDim }: EmbeddingOptions,
): Layer {
  const outputShape = [...inputShape, outputDim];
  return {
    inputShape,
    outputShape,
    parameters: [{ name: "kernel", shape: [inputDim, outputDim] }],
    forward([embeddings], input) {
      const [models, batch] = input.shape;
      const count = batch * sizeOf(inputShape);
      const tokens = reshape(input, [models, count]);
      const firstRows = reshape(range(0, models * inputDim, inputDim), [models, 1]);
      const rows = cast(reshape(add(tokens, firstRows), [-1]), "int32") as Tensor1D;
      const table = reshape(embeddings, [models * inputDim, outputDim]);
      return {
        output: reshape(gather(table, rows), [models, batch, ...outputShape]),
        backward: (dOutput) => {
          const dRows = reshape(dOutput, [models, count, outputDim]);
          const dEmbeddings = tableGradient(tokens, dRows, inputDim);
          return {
            dParameters: [withNonFiniteOf(dRows, dEmbeddings)],
            // Tokens are not numbers to differentiate by.
            dInput: () => zerosLike(input),
          };
        },
      };
    },
  };
}

/** The sum of `dRows` (models, count, outputDim) per token: (models, inputDim, outputDim). */
function tableGradient(tokens: Tensor, dRows: Tensor, inputDim: number): Tensor {
  const perBlock = Math.max(1, Math.floor(LARGEST_BLOCK / tokens.size));
  const blocks: Tensor[] = [];
  for (let first = 0; first < inputDim; first += perBlock) {
    const size = Math.min(perBlock, inputDim - first);
    const indices = cast(sub(tokens, first), "int32");
    const isToken = cast(oneHot(indices, size), "float32");
    blocks.push(batchedMatMul(isToken, dRows, true, false));
  }
  return blocks.length === 1 ? blocks[0] : concat(blocks, 1);
}
