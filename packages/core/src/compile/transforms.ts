// Layers that compute with the shape of a sample: what shape they give, and which parameters they
// have. Shapes that do not fit are problems of the spec, and named with their numbers.

import { SpecError, type SpecPath, type SpecProblemCode } from "../spec/errors.ts";
import type { LayerSpec } from "../spec/spec.ts";
import type { Transform } from "./plan.ts";

/** (steps, channels), (height, width, channels), or one number for a vector. */
export type SampleShape = readonly number[];

/** A layer of a spec that starts a block and is not a dense layer on vectors. */
export type TransformSpec = Exclude<
  LayerSpec,
  {
    type:
      | "activation"
      | "dropout"
      | "alphaDropout"
      | "gaussianNoise"
      | "batchNormalization"
      | "layerNormalization"
      | "add"
      | "flatten"
      | "reshape";
  }
>;

/** @throws SpecError when the layer does not fit the shape that reaches it. */
export function transformOf(
  layer: TransformSpec,
  inputShape: SampleShape,
  path: SpecPath,
): Transform {
  const fail = (message: string, key?: string, code: SpecProblemCode = "SPEC_SHAPE_MISMATCH") => {
    const at = key === undefined ? path : [...path, key];
    return new SpecError([{ code, path: at, message }]);
  };
  const axes = AXES[layer.type];
  if (axes !== undefined && inputShape.length !== axes.length) {
    throw fail(
      `is ${layer.type}, which takes (${axes.join(", ")}), but ${described(inputShape)} reach it; give model.inputShape, or put a reshape in front.`,
    );
  }
  const channels = inputShape[inputShape.length - 1];
  const places = inputShape.slice(0, -1);
  const swept = (key: "kernelSize" | "poolSize", windows: Windows) =>
    places.map((size, axis) => {
      const outputs = windowCount(size, windows, axis);
      if (outputs > 0) return outputs;
      const [taken, given] = [windows.sizes, places].map((list) => list.join(" x "));
      throw fail(
        `is ${taken}, but only ${given} reach it; make it smaller, or set padding to same.`,
        key,
      );
    });
  switch (layer.type) {
    case "dense":
      return {
        kind: "timeDistributedDense",
        inputShape,
        outputShape: [...places, layer.units],
      };
    case "conv1d":
    case "conv2d":
    case "depthwiseConv2d": {
      const { kernelSize, strides, dilationRate, padding } = layer;
      if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1) {
        throw fail(
          `is ${dilationRate.join(" x ")} with strides of ${strides.join(" x ")}; one of them must be 1.`,
          "dilationRate",
          "SPEC_INVALID_VALUE",
        );
      }
      const outputs = swept("kernelSize", { ...layer, sizes: kernelSize });
      const options = { inputShape, kernelSize, strides, dilationRate, padding };
      if (layer.type === "depthwiseConv2d") {
        const { type: kind, depthMultiplier } = layer;
        return {
          ...options,
          kind,
          depthMultiplier,
          outputShape: [...outputs, channels * depthMultiplier],
        };
      }
      const { type: kind, filters } = layer;
      return { ...options, kind, filters, outputShape: [...outputs, filters] };
    }
    case "maxPooling1d":
    case "maxPooling2d":
    case "averagePooling1d":
    case "averagePooling2d": {
      const { type: kind, poolSize, padding, strides = poolSize } = layer;
      const outputs = swept("poolSize", { sizes: poolSize, strides, padding });
      return { kind, inputShape, outputShape: [...outputs, channels], poolSize, strides, padding };
    }
    case "globalMaxPooling1d":
    case "globalMaxPooling2d":
    case "globalAveragePooling1d":
    case "globalAveragePooling2d":
      return { kind: layer.type, inputShape, outputShape: [channels] };
    case "embedding": {
      const { type: kind, inputDim, outputDim } = layer;
      return { kind, inputDim, inputShape, outputShape: [...inputShape, outputDim] };
    }
    case "simpleRNN":
    case "lstm":
    case "gru": {
      const { type: kind, units, returnSequences, recurrentInitializer } = layer;
      return {
        kind,
        units,
        returnSequences,
        recurrentInitializer,
        unitForgetBias: layer.type === "lstm" && layer.unitForgetBias,
        inputShape,
        outputShape: returnSequences ? [inputShape[0], units] : [units],
      };
    }
  }
}

/** The shapes of a layer's parameters; null for those that it does not have. */
export function transformParameters(transform: Transform): {
  readonly kernel: SampleShape | null;
  readonly recurrentKernel: SampleShape | null;
  readonly bias: SampleShape | null;
} {
  const { inputShape, outputShape } = transform;
  const inputs = inputShape[inputShape.length - 1];
  const outputs = outputShape[outputShape.length - 1];
  const none = { kernel: null, recurrentKernel: null, bias: null };
  switch (transform.kind) {
    case "timeDistributedDense":
      return { ...none, kernel: [inputs, outputs], bias: [outputs] };
    case "conv1d":
    case "conv2d":
      return { ...none, kernel: [...transform.kernelSize, inputs, outputs], bias: [outputs] };
    case "depthwiseConv2d": {
      const { kernelSize, depthMultiplier } = transform;
      return { ...none, kernel: [...kernelSize, inputs, depthMultiplier], bias: [outputs] };
    }
    case "embedding":
      return { ...none, kernel: [transform.inputDim, outputs] };
    case "simpleRNN":
    case "lstm":
    case "gru": {
      const width = { simpleRNN: 1, lstm: 4, gru: 3 }[transform.kind] * transform.units;
      return {
        kernel: [inputs, width],
        recurrentKernel: [transform.units, width],
        // Each of the two products of a GRU has a bias of its own.
        bias: transform.kind === "gru" ? [2, width] : [width],
      };
    }
    default:
      return none;
  }
}

/** "8 x 8 x 1 numbers". */
export function described(shape: SampleShape): string {
  return `${shape.join(" x ")} ${shape.length === 1 && shape[0] === 1 ? "number" : "numbers"}`;
}

export function sizeOf(shape: SampleShape): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** What a layer takes, by its axes; a layer that is not here takes any shape. */
const AXES: Partial<Record<TransformSpec["type"], readonly string[]>> = (() => {
  const steps = ["steps", "channels"];
  const image = ["height", "width", "channels"];
  return {
    conv1d: steps,
    conv2d: image,
    depthwiseConv2d: image,
    maxPooling1d: steps,
    maxPooling2d: image,
    averagePooling1d: steps,
    averagePooling2d: image,
    globalMaxPooling1d: steps,
    globalMaxPooling2d: image,
    globalAveragePooling1d: steps,
    globalAveragePooling2d: image,
    simpleRNN: steps,
    lstm: steps,
    gru: steps,
  };
})();

interface Windows {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate?: readonly number[];
  readonly padding: "valid" | "same";
}

/** TensorFlow's rule: "same" gives ceil(input / stride) outputs. */
function windowCount(input: number, windows: Windows, axis: number): number {
  const stride = windows.strides[axis];
  if (windows.padding === "same") return Math.ceil(input / stride);
  const extent = (windows.sizes[axis] - 1) * (windows.dilationRate?.[axis] ?? 1) + 1;
  return Math.floor((input - extent) / stride) + 1;
}
