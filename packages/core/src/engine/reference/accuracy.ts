// Keras's `accuracy`, as a count.

import type { Tensor } from "./tensor.ts";

/** How many of the samples are right. */
export function countCorrect(
  batch: number,
  units: number,
  outputs: Tensor,
  labels: Tensor,
): number {
  let correct = 0;
  for (let b = 0; b < batch; b++) {
    if (predictedClass(outputs, b * units, units) === labels[b]) correct++;
  }
  return correct;
}

/** One output: above one half. Several: the largest, the first of equals. */
export function predictedClass(outputs: Tensor, first: number, units: number): number {
  if (units === 1) return outputs[first] > 0.5 ? 1 : 0;
  let best = 0;
  for (let j = 1; j < units; j++) if (outputs[first + j] > outputs[first + best]) best = j;
  return best;
}
