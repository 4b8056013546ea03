// The two passes over a row that softmax and its cross-entropy share.

import { expNonPositive, sumLanes } from "./vector-math";

/** The largest of a row's first `units` numbers; NaN if one is NaN. */
export function rowMaximum(row: usize, units: i32): f32 {
  let largest: f32 = -Infinity;
  for (let unit = 0; unit < units; unit++) {
    largest = max<f32>(largest, load<f32>(row + (unit << 2)));
  }
  return largest;
}

/** Writes e^(z - largest), 0 in the padding, and returns the sum over the row. */
export function exponentials(z: usize, y: usize, units: i32, largest: f32): f32 {
  const shift = f32x4.splat(largest);
  const lanes = i32x4(0, 1, 2, 3);
  let sum = f32x4.splat(0);
  for (let unit = 0; unit < units; unit += 4, z += 16, y += 16) {
    const inside = i32x4.lt_s(lanes, i32x4.splat(units - unit));
    const e = v128.and(expNonPositive(f32x4.sub(v128.load(z), shift)), inside);
    v128.store(y, e);
    sum = f32x4.add(sum, e);
  }
  return sumLanes(sum);
}
