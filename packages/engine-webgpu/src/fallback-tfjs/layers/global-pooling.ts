// Global max and average pooling: one number per channel over all positions. Equal maxima share the
// gradient, as in TensorFlow's reduce_max.
//
//   input   (models, batch, ...positions, channels)
//   output  (models, batch, channels)

import {
  add,
  div,
  max,
  mean,
  mul,
  reshape,
  sign,
  sub,
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
        const shares = isLargest(values, largest);
        return mul(shares, div(dPooled, sum(shares, 2, true)));
      },
    };
  });
}

export function globalAveragePooling(inputShape: SampleShape): Layer {
  return globalPooling(inputShape, (values) => ({
    pooled: mean(values, 2, true),
    dValues: (dPooled) => add(zerosLike(values), div(dPooled, values.shape[2]!)),
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
    inputShape,
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

/**
 * 1 where a value is `largest`, else 0. No comparison: tfjs-wasm does not spread the operands of
 * one, and tfjs-webgpu cannot transpose its result, which stays integers when cast.
 */
export function isLargest(values: Tensor, largest: Tensor): Tensor {
  return sub(1, sign(sub(largest, values)));
}
