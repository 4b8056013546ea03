// L1 and L2 penalties on a kernel, a bias or a layer's activated output.

import type { Tensor } from "./tensor.ts";

/** l1 sum |w| + l2 sum w^2 over the first `count` numbers. */
export function penalty(values: Tensor, count: number, l1: number, l2: number): number {
  if (l1 === 0 && l2 === 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += l1 * Math.abs(values[i]) + l2 * values[i] * values[i];
  }
  return sum;
}

/** Adds the penalty's derivative; that of |w| at 0 is 0. */
export function addPenaltyGradient(
  values: Tensor,
  count: number,
  l1: number,
  l2: number,
  gradient: Tensor,
): void {
  if (l1 === 0 && l2 === 0) return;
  for (let i = 0; i < count; i++) {
    gradient[i] += l1 * Math.sign(values[i]) + 2 * l2 * values[i];
  }
}
