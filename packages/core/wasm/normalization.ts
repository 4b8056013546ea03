// Batch and layer normalization over (rows, units). `gamma` and `beta` are rows, or 0 for none; so
// are their gradients. `normalized` is kept for the backward pass.

import { lanesBefore, sumLanes } from "./vector-math";

/** Mean and variance of each unit over the rows; the variance divided by their number. */
export function batchMoments(
  x: usize,
  mean: usize,
  variance: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
): void {
  const count = f32x4.splat(<f32>rows);
  for (let at: usize = 0; at < (<usize>units) << 2; at += 16) {
    let sum = f32x4.splat(0);
    let from = x + at;
    for (let row = 0; row < rows; row++, from += rowBytes) sum = f32x4.add(sum, v128.load(from));
    const centre = f32x4.div(sum, count);
    let squares = f32x4.splat(0);
    from = x + at;
    for (let row = 0; row < rows; row++, from += rowBytes) {
      const difference = f32x4.sub(v128.load(from), centre);
      squares = f32x4.add(squares, f32x4.mul(difference, difference));
    }
    v128.store(mean + at, centre);
    v128.store(variance + at, f32x4.div(squares, count));
  }
}

/** y = gamma (x - mean) / sqrt(variance + epsilon) + beta, mean and variance a number per unit. */
export function batchNormalizationForward(
  x: usize,
  y: usize,
  normalized: usize,
  mean: usize,
  variance: usize,
  gamma: usize,
  beta: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  epsilon: f32,
): void {
  for (let unit = 0; unit < units; unit += 4) {
    const at = (<usize>unit) << 2;
    const centre = v128.load(mean + at);
    const root = f32x4.sqrt(f32x4.add(v128.load(variance + at), f32x4.splat(epsilon)));
    const scale = gamma ? v128.load(gamma + at) : f32x4.splat(1);
    const shift = beta ? v128.load(beta + at) : f32x4.splat(0);
    const inside = lanesBefore(units - unit);
    for (let row = 0; row < rows; row++) {
      const offset = row * rowBytes + at;
      const difference = f32x4.sub(v128.load(x + offset), centre);
      const value = v128.and(f32x4.div(difference, root), inside);
      v128.store(normalized + offset, value);
      v128.store(y + offset, f32x4.add(f32x4.mul(value, scale), shift));
    }
  }
}

/** Mean and variance depend on every row, so the gradient loses its part along both. */
export function batchNormalizationBackward(
  gradient: usize,
  normalized: usize,
  variance: usize,
  gamma: usize,
  dGamma: usize,
  dBeta: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  epsilon: f32,
): void {
  const share = f32x4.splat(<f32>(1 / <f64>rows));
  for (let unit = 0; unit < units; unit += 4) {
    const at = (<usize>unit) << 2;
    let sum = f32x4.splat(0);
    let along = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      const offset = row * rowBytes + at;
      const d = v128.load(gradient + offset);
      sum = f32x4.add(sum, d);
      along = f32x4.add(along, f32x4.mul(d, v128.load(normalized + offset)));
    }
    if (dGamma) v128.store(dGamma + at, along);
    if (dBeta) v128.store(dBeta + at, sum);
    const mean = f32x4.mul(sum, share);
    const slope = f32x4.mul(along, share);
    const root = f32x4.sqrt(f32x4.add(v128.load(variance + at), f32x4.splat(epsilon)));
    const scale = f32x4.div(gamma ? v128.load(gamma + at) : f32x4.splat(1), root);
    const inside = lanesBefore(units - unit);
    for (let row = 0; row < rows; row++) {
      const offset = row * rowBytes + at;
      const part = f32x4.add(mean, f32x4.mul(v128.load(normalized + offset), slope));
      const d = f32x4.mul(scale, f32x4.sub(v128.load(gradient + offset), part));
      v128.store(gradient + offset, v128.and(d, inside));
    }
  }
}

/** As of a batch, over the units of each row; `inverse` gets 1 / sqrt(variance + epsilon) per row. */
export function layerNormalizationForward(
  x: usize,
  y: usize,
  normalized: usize,
  inverse: usize,
  gamma: usize,
  beta: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  epsilon: f32,
): void {
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < (<usize>units) << 2; at += 16) {
      sum = f32x4.add(sum, v128.load(x + at));
    }
    const mean = f32x4.splat(sumLanes(sum) / <f32>units);
    let squares = f32x4.splat(0);
    for (let unit = 0; unit < units; unit += 4) {
      const difference = f32x4.sub(v128.load(x + (unit << 2)), mean);
      const square = f32x4.mul(difference, difference);
      squares = f32x4.add(squares, v128.and(square, lanesBefore(units - unit)));
    }
    const factor = <f32>1 / sqrt<f32>(sumLanes(squares) / <f32>units + epsilon);
    store<f32>(inverse, factor);
    for (let unit = 0; unit < units; unit += 4) {
      const at = (<usize>unit) << 2;
      const difference = f32x4.sub(v128.load(x + at), mean);
      const scaled = f32x4.mul(difference, f32x4.splat(factor));
      const value = v128.and(scaled, lanesBefore(units - unit));
      v128.store(normalized + at, value);
      const bent = gamma ? f32x4.mul(value, v128.load(gamma + at)) : value;
      v128.store(y + at, beta ? f32x4.add(bent, v128.load(beta + at)) : bent);
    }
    x += rowBytes;
    y += rowBytes;
    normalized += rowBytes;
    inverse += 4;
  }
}

/** Adds to `dGamma` and `dBeta`, which the caller has cleared. */
export function layerNormalizationBackward(
  gradient: usize,
  normalized: usize,
  inverse: usize,
  gamma: usize,
  dGamma: usize,
  dBeta: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    let along = f32x4.splat(0);
    for (let at: usize = 0; at < (<usize>units) << 2; at += 16) {
      let d = v128.load(gradient + at);
      const value = v128.load(normalized + at);
      if (dGamma) v128.store(dGamma + at, f32x4.add(v128.load(dGamma + at), f32x4.mul(d, value)));
      if (dBeta) v128.store(dBeta + at, f32x4.add(v128.load(dBeta + at), d));
      if (gamma) d = f32x4.mul(d, v128.load(gamma + at));
      v128.store(gradient + at, d);
      sum = f32x4.add(sum, d);
      along = f32x4.add(along, f32x4.mul(d, value));
    }
    const mean = f32x4.splat(sumLanes(sum) / <f32>units);
    const slope = f32x4.splat(sumLanes(along) / <f32>units);
    const factor = v128.load_splat<f32>(inverse);
    for (let unit = 0; unit < units; unit += 4) {
      const at = (<usize>unit) << 2;
      const part = f32x4.add(mean, f32x4.mul(v128.load(normalized + at), slope));
      const d = f32x4.mul(factor, f32x4.sub(v128.load(gradient + at), part));
      v128.store(gradient + at, v128.and(d, lanesBefore(units - unit)));
    }
    gradient += rowBytes;
    normalized += rowBytes;
    inverse += 4;
  }
}
