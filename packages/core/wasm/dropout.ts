// Dropout and noise over (rows, units). Random numbers lie packed, row after row without padding.

import { lanesBefore } from "./vector-math";

/** y = scale x + shift where the uniform number is not below `rate`, else `dropped`. */
export function dropoutForward(
  x: usize,
  uniforms: usize,
  y: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  rate: f32,
  scale: f32,
  shift: f32,
  dropped: f32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const u = v128.load(uniforms + ((row * units + unit) << 2));
      const kept = f32x4.add(f32x4.mul(v128.load(x + at), f32x4.splat(scale)), f32x4.splat(shift));
      const isKept = f32x4.ge(u, f32x4.splat(rate));
      const value = v128.bitselect(kept, f32x4.splat(dropped), isKept);
      v128.store(y + at, v128.and(value, lanesBefore(units - unit)));
    }
  }
}

/** gradient *= scale where the value was kept, else 0. */
export function dropoutBackward(
  uniforms: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  rate: f32,
  scale: f32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const u = v128.load(uniforms + ((row * units + unit) << 2));
      const kept = f32x4.mul(v128.load(gradient + at), f32x4.splat(scale));
      v128.store(gradient + at, v128.and(kept, f32x4.ge(u, f32x4.splat(rate))));
    }
  }
}

/** y = x + stddev times the normal number. */
export function addNoise(
  x: usize,
  normals: usize,
  y: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  stddev: f32,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const n = v128.load(normals + ((row * units + unit) << 2));
      const value = f32x4.add(v128.load(x + at), f32x4.mul(n, f32x4.splat(stddev)));
      v128.store(y + at, v128.and(value, lanesBefore(units - unit)));
    }
  }
}
