// Layer normalization: each sample over its units, in training and inference alike.

import { rowBytes } from "../padding.ts";
import type { Parameter } from "../parameters.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

/** @param gamma Null without scaling, as is `beta` without centering. */
export function layerNormalization(
  site: Site,
  gamma: Parameter | null,
  beta: Parameter | null,
): Stage {
  const { kernels, arena, input, units, capacity, numbers } = site;
  const { epsilon } = numbers;
  const bytes = rowBytes(units);
  const output = allocateMatrix(site);
  const normalized = allocateMatrix(site);
  /** Per sample: 1 / sqrt(variance + epsilon). */
  const inverse = arena.allocate(capacity);
  return {
    input,
    output,
    forward: (rows) =>
      kernels.layerNormalizationForward(
        input,
        output,
        normalized,
        inverse,
        gamma?.value ?? 0,
        beta?.value ?? 0,
        rows,
        units,
        bytes,
        epsilon,
      ),
    backward: (rows, gradient) => {
      for (const parameter of [gamma, beta]) {
        if (parameter !== null) kernels.clear(parameter.gradient, parameter.count);
      }
      kernels.layerNormalizationBackward(
        gradient,
        normalized,
        inverse,
        gamma?.value ?? 0,
        gamma?.gradient ?? 0,
        beta?.gradient ?? 0,
        rows,
        units,
        bytes,
      );
    },
  };
}
