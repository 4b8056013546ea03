// Batch and layer normalization over the last axis. Axes between batch and channels count as samples
// of a batch normalization, and each of their places is normalized for itself by a layer
// normalization, as in Keras.
//
//   input           (models, batch, ...positions, channels)
//   gamma, beta     (models, channels)
//   moving moments  (models, channels)

import {
  add,
  div,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { perNetwork } from "../per-network.ts";
import type { Layer, ParameterRule, SampleShape } from "./layer.ts";

export interface NormalizationOptions {
  readonly scale: boolean;
  readonly center: boolean;
  /** One per network. */
  readonly epsilons: readonly number[];
}

export interface BatchNormalizationOptions extends NormalizationOptions {
  readonly momenta: readonly number[];
}

export function batchNormalization(
  inputShape: SampleShape,
  { momenta, ...options }: BatchNormalizationOptions,
): Layer {
  const channels = inputShape[inputShape.length - 1];
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [
      ...scaleAndCenter(options, channels),
      { name: "movingMean", shape: [channels] },
      { name: "movingVariance", shape: [channels] },
    ],
    forward(parameters, input, { training }) {
      const rows = reshape(input, [input.shape[0], -1, channels]);
      const [movingMean, movingVariance] = parameters.slice(-2);
      const moving = (values: Tensor): Tensor => reshape(values, [-1, 1, channels]);
      const batchMean = training ? mean(rows, 1, true) : moving(movingMean);
      const centered = sub(rows, batchMean);
      const variance = training ? mean(square(centered), 1, true) : moving(movingVariance);
      const moved = (before: Tensor, ofBatch: Tensor) => {
        const kept = mul(before, perNetwork(momenta));
        const taken = perNetwork(momenta.map((momentum) => 1 - momentum));
        return add(kept, mul(reshape(ofBatch, before.shape), taken));
      };
      const { output, backward } = normalized(centered, variance, 1, parameters, options);
      return {
        output: reshape(output, input.shape),
        ...(training && {
          moved: [moved(movingMean, batchMean), moved(movingVariance, variance)],
        }),
        backward: (dOutput) => {
          const { dParameters, dInput } = backward(reshape(dOutput, rows.shape));
          return { dParameters, dInput: () => reshape(dInput(), input.shape) };
        },
      };
    },
  };
}

export function layerNormalization(inputShape: SampleShape, options: NormalizationOptions): Layer {
  const channels = inputShape[inputShape.length - 1];
  return {
    inputShape,
    outputShape: inputShape,
    parameters: scaleAndCenter(options, channels),
    forward(parameters, input) {
      const rows = reshape(input, [input.shape[0], -1, channels]);
      const centered = sub(rows, mean(rows, 2, true));
      const variance = mean(square(centered), 2, true);
      const { output, backward } = normalized(centered, variance, 2, parameters, options);
      return {
        output: reshape(output, input.shape),
        backward: (dOutput) => {
          const { dParameters, dInput } = backward(reshape(dOutput, rows.shape));
          return { dParameters, dInput: () => reshape(dInput(), input.shape) };
        },
      };
    },
  };
}

function scaleAndCenter(
  { scale, center }: NormalizationOptions,
  channels: number,
): readonly ParameterRule[] {
  return [
    ...(scale ? [{ name: "gamma" as const, shape: [channels] }] : []),
    ...(center ? [{ name: "beta" as const, shape: [channels] }] : []),
  ];
}

/**
 * gamma centered / sqrt(variance + epsilon) + beta on (models, rows, channels), and its backward
 * formulas for moments that were taken over `axis`.
 */
function normalized(
  centered: Tensor,
  variance: Tensor,
  axis: 1 | 2,
  parameters: readonly Tensor[],
  { scale, center, epsilons }: NormalizationOptions,
) {
  const row = (values: Tensor): Tensor => reshape(values, [values.shape[0], 1, values.shape[1]!]);
  const gamma = scale ? row(parameters[0]) : null;
  const beta = center ? row(parameters[scale ? 1 : 0]) : null;
  const inverse = div(1, sqrt(add(variance, perNetwork(epsilons, 3))));
  const values = mul(centered, inverse);
  const scaled = gamma === null ? values : mul(values, gamma);
  return {
    output: beta === null ? scaled : add(scaled, beta),
    backward(dOutput: Tensor) {
      return {
        dParameters: [
          ...(gamma === null ? [] : [sum(mul(dOutput, values), 1)]),
          ...(beta === null ? [] : [sum(dOutput, 1)]),
        ],
        // The moments depend on every number along the axis, so the gradient loses its part along
        // the mean and along the values.
        dInput() {
          const dValues = gamma === null ? dOutput : mul(dOutput, gamma);
          const alongMean = mean(dValues, axis, true);
          const alongValues = mul(values, mean(mul(dValues, values), axis, true));
          return mul(inverse, sub(sub(dValues, alongMean), alongValues));
        },
      };
    },
  };
}
