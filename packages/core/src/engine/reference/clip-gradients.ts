// Gradient clipping. Keras allows one kind at a time; where a plan names several, the first of
// Keras's order counts: by each tensor's norm, by the global norm, by value.

import type { Hyper } from "../../compile/plan.ts";
import type { Tensor } from "./tensor.ts";

/** Clips gradients in place; null where the plan asks for none. */
export type Clip = () => void;

/**
 * @param all The gradients of all trainable parameters.
 * @param tensors The same numbers, tensor by tensor.
 */
export function gradientClipping(
  { clipNorm = 0, globalClipNorm = 0, clipValue = 0 }: Hyper,
  all: Tensor,
  tensors: readonly Tensor[],
): Clip | null {
  if (clipNorm > 0) {
    return () => {
      for (const tensor of tensors) scaleToNorm(tensor, clipNorm);
    };
  }
  if (globalClipNorm > 0) return () => scaleToNorm(all, globalClipNorm);
  if (clipValue > 0) {
    return () => {
      for (let i = 0; i < all.length; i++) {
        all[i] = Math.min(Math.max(all[i], -clipValue), clipValue);
      }
    };
  }
  return null;
}

/** Scales a tensor down to a Euclidean norm if it is longer. */
function scaleToNorm(tensor: Tensor, longest: number): void {
  let squares = 0;
  for (let i = 0; i < tensor.length; i++) squares += tensor[i] * tensor[i];
  const scale = longest / Math.max(Math.sqrt(squares), longest);
  if (scale === 1) return;
  for (let i = 0; i < tensor.length; i++) tensor[i] *= scale;
}
