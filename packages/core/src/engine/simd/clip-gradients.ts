// Gradient clipping over areas of linear memory. Where a plan names several kinds, the first of
// Keras's order counts: by each tensor's norm, by the global norm, by value.

import type { Hyper } from "../../compile/plan.ts";
import type { Kernels } from "./kernels.ts";

/** Numbers behind each other, padding included. */
export interface Area {
  readonly address: number;
  readonly count: number;
}

/** Clips gradients in place; null where the plan asks for none. */
export function gradientClipping(
  kernels: Kernels,
  { clipNorm = 0, globalClipNorm = 0, clipValue = 0 }: Hyper,
  all: Area,
  tensors: readonly Area[],
): (() => void) | null {
  if (clipNorm > 0) {
    return () => {
      for (const tensor of tensors) scaleToNorm(kernels, tensor, clipNorm);
    };
  }
  if (globalClipNorm > 0) return () => scaleToNorm(kernels, all, globalClipNorm);
  if (clipValue > 0) return () => kernels.clamp(all.address, all.count, clipValue);
  return null;
}

/** Scales an area down to a Euclidean norm if it is longer. */
function scaleToNorm(kernels: Kernels, { address, count }: Area, longest: number): void {
  const norm = Math.sqrt(kernels.penalty(address, count, 0, 1));
  const factor = longest / Math.max(norm, longest);
  if (factor !== 1) kernels.scale(address, count, factor);
}
