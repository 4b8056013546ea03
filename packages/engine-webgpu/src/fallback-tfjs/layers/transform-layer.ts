// A transform of the plan as a layer. The plan says it in Keras's options, one number per axis.

import type { Transform, WindowOptions } from "@convergence-lab/core";
import { conv1d } from "./conv1d.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { depthwiseConv2d } from "./depthwise-conv2d.ts";
import { embedding } from "./embedding.ts";
import { globalAveragePooling, globalMaxPooling } from "./global-pooling.ts";
import { gru } from "./gru.ts";
import type { Layer } from "./layer.ts";
import { lstm } from "./lstm.ts";
import { averagePooling, maxPooling } from "./pooling.ts";
import { simpleRnn } from "./simple-rnn.ts";
import type { Pair } from "./windows.ts";

export function transformLayer(transform: Transform, useBias: boolean): Layer {
  const { inputShape, outputShape } = transform;
  const last = outputShape[outputShape.length - 1];
  switch (transform.kind) {
    case "timeDistributedDense":
      return dense(inputShape, { units: last, useBias });
    case "conv1d": {
      const { filters, padding } = transform;
      const [kernelSize, strides, dilation] = [
        transform.kernelSize,
        transform.strides,
        transform.dilationRate,
      ].map(([size]) => size);
      return conv1d(inputShape, { filters, padding, kernelSize, strides, dilation, useBias });
    }
    case "conv2d":
      return conv2d(inputShape, { ...windows(transform), filters: transform.filters, useBias });
    case "depthwiseConv2d": {
      const { depthMultiplier } = transform;
      return depthwiseConv2d(inputShape, { ...windows(transform), depthMultiplier, useBias });
    }
    case "maxPooling1d":
    case "maxPooling2d":
      return maxPooling(inputShape, transform);
    case "averagePooling1d":
    case "averagePooling2d":
      return averagePooling(inputShape, transform);
    case "globalMaxPooling1d":
    case "globalMaxPooling2d":
      return globalMaxPooling(inputShape);
    case "globalAveragePooling1d":
    case "globalAveragePooling2d":
      return globalAveragePooling(inputShape);
    case "embedding":
      return embedding(inputShape, { inputDim: transform.inputDim, outputDim: last });
    case "simpleRNN":
      return simpleRnn(inputShape, { ...transform, useBias });
    case "lstm":
      return lstm(inputShape, { ...transform, useBias });
    case "gru":
      return gru(inputShape, { ...transform, useBias });
  }
}

function windows({ kernelSize, strides, dilationRate, padding }: WindowOptions) {
  return {
    kernelSize: pair(kernelSize),
    strides: pair(strides),
    dilation: pair(dilationRate),
    padding,
  };
}

function pair([first, second]: readonly number[]): Pair {
  return [first, second];
}
