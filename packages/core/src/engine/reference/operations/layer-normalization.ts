// Layer normalization: each sample over its units, in training and inference alike.

import type { Parameter, Site, Stage } from "../stage.ts";
import { tensor } from "../tensor.ts";

/** @param gamma Null without scaling, as is `beta` without centering. */
export function layerNormalization(
  site: Site,
  gamma: Parameter | null,
  beta: Parameter | null,
): Stage {
  const { input, units, capacity, precision, numbers } = site;
  const { epsilon } = numbers;
  const output = tensor(precision, capacity * units);
  const normalized = tensor(precision, capacity * units);
  /** Per sample: 1 / sqrt(variance + epsilon). */
  const inverse = tensor(precision, capacity);
  return {
    input,
    output,
    forward: (batch) => {
      for (let b = 0; b < batch; b++) {
        const first = b * units;
        let sum = 0;
        for (let j = 0; j < units; j++) sum += input[first + j];
        const mean = sum / units;
        let squares = 0;
        for (let j = 0; j < units; j++) squares += (input[first + j] - mean) ** 2;
        inverse[b] = 1 / Math.sqrt(squares / units + epsilon);
        for (let j = 0; j < units; j++) {
          const value = (input[first + j] - mean) * inverse[b];
          normalized[first + j] = value;
          output[first + j] =
            (gamma === null ? value : gamma.values[j] * value) +
            (beta === null ? 0 : beta.values[j]);
        }
      }
    },
    backward: (batch, gradient) => {
      if (gamma !== null) gamma.gradient.fill(0);
      if (beta !== null) beta.gradient.fill(0);
      for (let b = 0; b < batch; b++) {
        const first = b * units;
        let sum = 0;
        let alongNormalized = 0;
        for (let j = 0; j < units; j++) {
          const i = first + j;
          if (gamma !== null) gamma.gradient[j] += gradient[i] * normalized[i];
          if (beta !== null) beta.gradient[j] += gradient[i];
          if (gamma !== null) gradient[i] *= gamma.values[j];
          sum += gradient[i];
          alongNormalized += gradient[i] * normalized[i];
        }
        for (let i = first; i < first + units; i++) {
          gradient[i] =
            inverse[b] * (gradient[i] - (sum + normalized[i] * alongNormalized) / units);
        }
      }
    },
  };
}
