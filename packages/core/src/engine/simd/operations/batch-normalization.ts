// Batch normalization: each unit over the batch in training, by its moving statistics in inference.

import { rowBytes } from "../padding.ts";
import type { Parameter } from "../parameters.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

export interface BatchNormalizationTensors {
  /** Null without scaling, or without centering. */
  readonly gamma: Parameter | null;
  readonly beta: Parameter | null;
  readonly movingMean: Parameter;
  readonly movingVariance: Parameter;
}

export function batchNormalization(site: Site, tensors: BatchNormalizationTensors): Stage {
  const { kernels, arena, input, units } = site;
  const { momentum, epsilon } = site.numbers;
  const { gamma, beta, movingMean, movingVariance } = tensors;
  const bytes = rowBytes(units);
  const output = allocateMatrix(site);
  const normalized = allocateMatrix(site);
  /** Of the batch, per unit. */
  const mean = arena.allocate(movingMean.count);
  const variance = arena.allocate(movingVariance.count);
  return {
    input,
    output,
    forward: (rows, { mode }) => {
      const isTraining = mode === "training";
      if (isTraining) kernels.batchMoments(input, mean, variance, rows, units, bytes);
      kernels.batchNormalizationForward(
        input,
        output,
        normalized,
        isTraining ? mean : movingMean.value,
        isTraining ? variance : movingVariance.value,
        gamma?.value ?? 0,
        beta?.value ?? 0,
        rows,
        units,
        bytes,
        epsilon,
      );
    },
    backward: (rows, gradient) =>
      kernels.batchNormalizationBackward(
        gradient,
        normalized,
        variance,
        gamma?.value ?? 0,
        gamma?.gradient ?? 0,
        beta?.gradient ?? 0,
        rows,
        units,
        bytes,
        epsilon,
      ),
    commit: () => {
      const gain = 1 - momentum;
      kernels.average(movingMean.value, mean, movingMean.count, momentum, gain);
      kernels.average(movingVariance.value, variance, movingVariance.count, momentum, gain);
    },
  };
}
