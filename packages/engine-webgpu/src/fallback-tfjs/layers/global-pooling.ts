// Global max and average pooling: one number per channel over all positions. Equal maxima share the
// gradient, as in TensorFlow's reduce_max.
//
//   input   (models, batch, ...positions, channels)
//   output  (models, batch, channels)

import {
  add,
  cast,
  div,
  equal,
  max,
  mean,
  mul,
  reshape,
  sum,
  type Tensor,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { type Layer, type SampleShape, sizeOf } from "./layer.ts";

export function globalMaxPooling(inputShape: SampleShape): Layer {
  return globalPooling(inputShape, (values) => {
    const largest = max(values, 2, true);
    return {
      pooled: largest,
      dValues(dPooled) {
        const isLargest = cast(equal(values, spread(largest, values)), "float32");
        return mul(isLargest, div(dPooled, sum(isLargest, 2, true)));
      },
    };
  });
}

export function globalAveragePooling(inputShape: SampleShape): Layer {
  return globalPooling(inputShape, (values) => ({
    pooled: mean(values, 2, true),
    dValues: (dPooled) => spread(div(dPooled, values.shape[2]!), values),
  }));
}

/** Pools `values` (models, batch, positions, channels) to one position. */
type Pool = (values: Tensor) => {
  readonly pooled: Tensor;
  dValues(dPooled: Tensor): Tensor;
};

function globalPooling(inputShape: SampleShape, pool: Pool): Layer {
  const channels = inputShape[inputShape.length - 1];
  const positions = sizeOf(inputShape) / channels;
  return {
    outputShape: [channels],
    parameters: [],
    forward(_parameters, input) {
      const [models, batch] = input.shape;
      const { pooled, dValues } = pool(reshape(input, [models, batch, positions, channels]));
      return {
        output: reshape(pooled, [models, batch, channels]),
        backward: (dOutput) => ({
          dParameters: [],
          dInput: () => reshape(dValues(reshape(dOutput, pooled.shape)), input.shape),
        }),
      };
    },
  };
}

/** Comparisons on tfjs-wasm do not spread their operands; sums do. */
function spread(values: Tensor, like: Tensor): Tensor {
  return add(zerosLike(like), values);
}
