// Batch normalization: each unit over the batch in training, by its moving statistics in inference.

import type { Parameter, Site, Stage } from "../stage.ts";
import { type Tensor, tensor } from "../tensor.ts";

export interface BatchNormalizationTensors {
  /** Null without scaling, or without centering. */
  readonly gamma: Parameter | null;
  readonly beta: Parameter | null;
  readonly movingMean: Tensor;
  readonly movingVariance: Tensor;
}

export function batchNormalization(site: Site, tensors: BatchNormalizationTensors): Stage {
  const { input, units, capacity, precision } = site;
  const { momentum, epsilon } = site.numbers;
  const { gamma, beta, movingMean, movingVariance } = tensors;
  const output = tensor(precision, capacity * units);
  const normalized = tensor(precision, capacity * units);
  /** Of the batch, per unit. */
  const mean = tensor(precision, units);
  const variance = tensor(precision, units);
  return {
    input,
    output,
    forward: (batch, { mode }) => {
      if (mode === "training") batchMoments(batch, units, input, mean, variance);
      const centers = mode === "training" ? mean : movingMean;
      const spreads = mode === "training" ? variance : movingVariance;
      for (let j = 0; j < units; j++) {
        const inverse = 1 / Math.sqrt(spreads[j] + epsilon);
        const scale = gamma === null ? 1 : gamma.values[j];
        const shift = beta === null ? 0 : beta.values[j];
        for (let i = j; i < batch * units; i += units) {
          const value = (input[i] - centers[j]) * inverse;
          normalized[i] = value;
          output[i] = scale * value + shift;
        }
      }
    },
    backward: (batch, gradient) => {
      for (let j = 0; j < units; j++) {
        let sum = 0;
        let alongNormalized = 0;
        for (let i = j; i < batch * units; i += units) {
          sum += gradient[i];
          alongNormalized += gradient[i] * normalized[i];
        }
        if (gamma !== null) gamma.gradient[j] = alongNormalized;
        if (beta !== null) beta.gradient[j] = sum;
        // Mean and variance depend on every row, so the gradient loses its part along both.
        const scale = (gamma === null ? 1 : gamma.values[j]) / Math.sqrt(variance[j] + epsilon);
        for (let i = j; i < batch * units; i += units) {
          gradient[i] = scale * (gradient[i] - (sum + normalized[i] * alongNormalized) / batch);
        }
      }
    },
    commit: () => {
      for (let j = 0; j < units; j++) {
        movingMean[j] = momentum * movingMean[j] + (1 - momentum) * mean[j];
        movingVariance[j] = momentum * movingVariance[j] + (1 - momentum) * variance[j];
      }
    },
  };
}

/** Mean and variance of each unit over the rows; the variance divided by their number. */
function batchMoments(
  batch: number,
  units: number,
  input: Tensor,
  mean: Tensor,
  variance: Tensor,
): void {
  for (let j = 0; j < units; j++) {
    let sum = 0;
    for (let i = j; i < batch * units; i += units) sum += input[i];
    const center = sum / batch;
    let squares = 0;
    for (let i = j; i < batch * units; i += units) squares += (input[i] - center) ** 2;
    mean[j] = center;
    variance[j] = squares / batch;
  }
}
