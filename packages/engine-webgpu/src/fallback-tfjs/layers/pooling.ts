// Max and average pooling over windows of (height, width), or of steps. Average pooling leaves
// padding out of the count; of equal maxima the first takes the gradient, as in TensorFlow.
//
//   input   (models, batch, height, width, channels) or (models, batch, steps, channels)
//
// Not on tfjs's own kernels: in 4.22 the gradient of max pooling is wrong on tfjs-wasm, and that of
// average pooling counts the padding on tfjs-cpu and tfjs-wasm.

import {
  add,
  div,
  maximum,
  mul,
  reshape,
  sub,
  type Tensor,
  tensor,
  transpose,
} from "@tensorflow/tfjs-core";
import { isLargest } from "./global-pooling.ts";
import type { Layer, SampleShape } from "./layer.ts";
import { type Padding, type Pair, Windows } from "./windows.ts";

export interface PoolingOptions {
  /** One number per axis that is pooled: two for images, one for steps. */
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
}

export function maxPooling(inputShape: SampleShape, options: PoolingOptions): Layer {
  return pooling(inputShape, options, LOWEST, (slices) => {
    const pooled = slices.reduce((a, b) => maximum(a, b));
    return {
      pooled,
      dSlices(dPooled) {
        let untaken = dPooled;
        return slices.map((values) => {
          const taken = mul(isLargest(values, pooled), untaken);
          untaken = sub(untaken, taken);
          return taken;
        });
      },
    };
  });
}

export function averagePooling(inputShape: SampleShape, options: PoolingOptions): Layer {
  return pooling(inputShape, options, 0, (slices, counts) => ({
    pooled: div(
      slices.reduce((a, b) => add(a, b)),
      counts,
    ),
    dSlices(dPooled) {
      const share = div(dPooled, counts);
      return slices.map(() => share);
    },
  }));
}

/** The most negative float32: what padding is to a maximum. */
const LOWEST = -3.4028234663852886e38;

/**
 * Pools the values that the windows have at each kernel position, (images, channels * windows)
 * each; `counts` has how many of a window's positions are no padding, in the same order.
 */
type Pool = (
  slices: readonly Tensor[],
  counts: Tensor,
) => {
  readonly pooled: Tensor;
  dSlices(dPooled: Tensor): readonly Tensor[];
};

function pooling(
  inputShape: SampleShape,
  options: PoolingOptions,
  padValue: number,
  pool: Pool,
): Layer {
  const isImage = inputShape.length === 3;
  const pairOf = (values: readonly number[]): Pair =>
    isImage ? [values[0], values[1]] : [1, values[0]];
  const [height, width, channels] = isImage ? inputShape : [1, ...inputShape];
  const windows = new Windows([height, width], {
    kernelSize: pairOf(options.poolSize),
    strides: pairOf(options.strides),
    dilation: [1, 1],
    padding: options.padding,
  });
  const count = windows.outputSize[0] * windows.outputSize[1];
  const inside = windows.insideCounts();
  const outputShape = [...windows.outputSize.slice(isImage ? 0 : 1), channels];
  return {
    inputShape,
    outputShape,
    parameters: [],
    forward(_parameters, input) {
      const [models, batch] = input.shape;
      const images = models * batch;
      const planes = transpose(reshape(input, [images, height, width, channels]), [0, 3, 1, 2]);
      const counts = tensor(Array.from({ length: channels }, () => inside).flat(), [
        1,
        channels * count,
      ]);
      const { pooled, dSlices } = pool(windows.slices(planes, padValue), counts);
      const output = transpose(reshape(pooled, [images, channels, count]), [0, 2, 1]);
      return {
        output: reshape(output, [models, batch, ...outputShape]),
        backward: (dOutput) => ({
          dParameters: [],
          dInput() {
            const dRows = transpose(reshape(dOutput, [images, count, channels]), [0, 2, 1]);
            const dPooled = reshape(dRows, [images, channels * count]);
            const dPlanes = windows.scatter(dSlices(dPooled), images, channels);
            return reshape(transpose(dPlanes, [0, 2, 3, 1]), input.shape);
          },
        }),
      };
    },
  };
}
