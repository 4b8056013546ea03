// Losses and hits over a batch.
//
// A loss returns its sum over the elements (or samples) it is given, and writes the gradient of
// `scale` times that sum. Elementwise losses see (rows, units) values and targets of that shape; a
// head of one unit is packed by the caller into one row of samples, whose targets are the labels.
// Padding adds nothing to a sum and gets gradient 0.

import { exponentials, rowMaximum } from "./softmax-row";
import {
  expNonPositive,
  lanesBefore,
  log,
  log1pUnit,
  negativeSize,
  positivePart,
  sumLanes,
} from "./vector-math";

/** Probabilities are clipped to [CLIP, 1 - CLIP]: Keras's epsilon. */
const CLIP: f32 = 1e-7;

/**
 * max(z, 0) - z y + log(1 + e^-|z|), of a sigmoid head. Its slope, sigmoid(z) - y, is written
 * without a difference of near equals.
 */
export function binaryCrossentropyFromLogits(
  z: usize,
  _output: usize,
  target: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const scales = f32x4.splat(scale);
  const one = f32x4.splat(1);
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const logit = v128.load(z + at);
      const y = v128.load(target + at);
      const e = expNonPositive(negativeSize(logit));
      const linear = f32x4.sub(positivePart(logit), f32x4.mul(logit, y));
      const loss = f32x4.add(linear, log1pUnit(e));
      const rest = f32x4.div(e, f32x4.add(one, e));
      const above = f32x4.sub(f32x4.sub(one, y), rest);
      const below = f32x4.sub(rest, y);
      const slope = v128.bitselect(above, below, f32x4.gt(logit, f32x4.splat(0)));
      const inside = lanesBefore(units - unit);
      sum = f32x4.add(sum, v128.and(loss, inside));
      v128.store(gradient + at, v128.and(f32x4.mul(slope, scales), inside));
    }
  }
  return sumLanes(sum);
}

/** -y log p - (1 - y) log(1 - p) of the clipped output; no gradient where it was clipped. */
export function binaryCrossentropy(
  _z: usize,
  output: usize,
  target: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const scales = f32x4.splat(scale);
  const one = f32x4.splat(1);
  const low = f32x4.splat(CLIP);
  const high = f32x4.splat(1 - CLIP);
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const value = v128.load(output + at);
      const y = v128.load(target + at);
      const p = f32x4.pmin(f32x4.pmax(value, low), high);
      const q = f32x4.sub(one, p);
      const notY = f32x4.sub(one, y);
      const loss = f32x4.add(f32x4.mul(y, log(p)), f32x4.mul(notY, log(q)));
      const slope = f32x4.sub(f32x4.div(notY, q), f32x4.div(y, p));
      const inside = lanesBefore(units - unit);
      const clipped = v128.or(f32x4.lt(value, low), f32x4.gt(value, high));
      sum = f32x4.sub(sum, v128.and(loss, inside));
      v128.store(gradient + at, v128.andnot(v128.and(f32x4.mul(slope, scales), inside), clipped));
    }
  }
  return sumLanes(sum);
}

export function meanSquaredError(
  _z: usize,
  output: usize,
  target: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const twice = f32x4.splat(2 * scale);
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const difference = f32x4.sub(v128.load(output + at), v128.load(target + at));
      const inside = lanesBefore(units - unit);
      sum = f32x4.add(sum, v128.and(f32x4.mul(difference, difference), inside));
      v128.store(gradient + at, v128.and(f32x4.mul(difference, twice), inside));
    }
  }
  return sumLanes(sum);
}

export function meanAbsoluteError(
  _z: usize,
  output: usize,
  target: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const scales = f32x4.splat(scale);
  const zero = f32x4.splat(0);
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const difference = f32x4.sub(v128.load(output + at), v128.load(target + at));
      const above = v128.and(scales, f32x4.gt(difference, zero));
      const below = v128.and(scales, f32x4.lt(difference, zero));
      const inside = lanesBefore(units - unit);
      sum = f32x4.add(sum, v128.and(f32x4.abs(difference), inside));
      v128.store(gradient + at, v128.and(f32x4.sub(above, below), inside));
    }
  }
  return sumLanes(sum);
}

/** max(1 - y' p, 0), where y' is 1 for a positive target and else -1; at 0 the slope is -y'. */
export function hinge(
  _z: usize,
  output: usize,
  target: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const scales = f32x4.splat(scale);
  const one = f32x4.splat(1);
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit += 4) {
      const at = row * rowBytes + (unit << 2);
      const positive = f32x4.gt(v128.load(target + at), f32x4.splat(0));
      const sign = v128.bitselect(one, f32x4.neg(one), positive);
      const margin = f32x4.sub(one, f32x4.mul(sign, v128.load(output + at)));
      const inside = lanesBefore(units - unit);
      const violated = v128.and(f32x4.ge(margin, f32x4.splat(0)), inside);
      sum = f32x4.add(sum, v128.and(positivePart(margin), inside));
      v128.store(gradient + at, v128.and(f32x4.mul(f32x4.neg(sign), scales), violated));
    }
  }
  return sumLanes(sum);
}

/** logsumexp(z) - z[label]; writes softmax(z) to `output`. One label per row. */
export function sparseCategoricalCrossentropyFromLogits(
  z: usize,
  output: usize,
  labels: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  const scales = f32x4.splat(scale);
  let sum: f32 = 0;
  for (let row = 0; row < rows; row++) {
    const largest = rowMaximum(z, units);
    const total = exponentials(z, output, units, largest);
    const label = (<usize>load<f32>(labels)) << 2;
    sum += f32x4.extract_lane(log(f32x4.splat(total)), 0) + (largest - load<f32>(z + label));
    for (let at: usize = 0; at < <usize>rowBytes; at += 16) {
      const p = f32x4.div(v128.load(output + at), f32x4.splat(total));
      v128.store(output + at, p);
      v128.store(gradient + at, f32x4.mul(p, scales));
    }
    store<f32>(gradient + label, (load<f32>(output + label) - 1) * scale);
    labels += 4;
    z += rowBytes;
    output += rowBytes;
    gradient += rowBytes;
  }
  return sum;
}

/** -log of the label's share of the row, clipped; no gradient where it was clipped. */
export function sparseCategoricalCrossentropy(
  _z: usize,
  output: usize,
  labels: usize,
  gradient: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  scale: f32,
): f32 {
  let sum: f32 = 0;
  for (let row = 0; row < rows; row++) {
    let total: f32 = 0;
    for (let unit = 0; unit < units; unit++) total += load<f32>(output + (unit << 2));
    const label = (<usize>load<f32>(labels)) << 2;
    const share = load<f32>(output + label) / total;
    const clipped = min<f32>(max<f32>(share, CLIP), 1 - CLIP);
    sum -= f32x4.extract_lane(log(f32x4.splat(clipped)), 0);
    // share = p[label] / total, so every unit of the row moves it through the total.
    const isClipped = share < CLIP || share > 1 - CLIP;
    const slope: f32 = isClipped ? 0 : scale / total;
    const others = f32x4.splat(slope);
    for (let unit = 0; unit < units; unit += 4) {
      v128.store(gradient + (unit << 2), v128.and(others, lanesBefore(units - unit)));
    }
    if (!isClipped) store<f32>(gradient + label, slope - slope / share);
    labels += 4;
    output += rowBytes;
    gradient += rowBytes;
  }
  return sum;
}

/** target (rows, units) = the label's unit 1, others 0; of a single unit the label itself. */
export function oneHot(labels: usize, target: usize, rows: i32, units: i32, rowBytes: i32): void {
  for (let row = 0; row < rows; row++, labels += 4, target += rowBytes) {
    const label = load<f32>(labels);
    if (units === 1) {
      store<f32>(target, label);
      continue;
    }
    memory.fill(target, 0, rowBytes);
    store<f32>(target + ((<usize>label) << 2), 1);
  }
}

/** How many of `count` outputs of a single unit, `stride` apart, are on their label's side of 1/2. */
export function binaryHits(output: usize, stride: i32, labels: usize, count: i32): i32 {
  let hits = 0;
  for (let i = 0; i < count; i++, output += stride, labels += 4) {
    const predicted: f32 = load<f32>(output) > 0.5 ? 1 : 0;
    if (predicted === load<f32>(labels)) hits++;
  }
  return hits;
}

/** How many rows have their first maximum at the label. */
export function categoricalHits(
  output: usize,
  labels: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
): i32 {
  let hits = 0;
  for (let row = 0; row < rows; row++, output += rowBytes, labels += 4) {
    let best = 0;
    for (let unit = 1; unit < units; unit++) {
      if (load<f32>(output + (unit << 2)) > load<f32>(output + (best << 2))) best = unit;
    }
    if (<f32>best === load<f32>(labels)) hits++;
  }
  return hits;
}

/** row (count) = the first column of a matrix of `count` rows. */
export function packColumn(matrix: usize, rowBytes: i32, row: usize, count: i32): void {
  for (let i = 0; i < count; i++, matrix += rowBytes, row += 4) {
    store<f32>(row, load<f32>(matrix));
  }
}

/** The reverse of packColumn; the matrix's other columns stay as they are. */
export function unpackColumn(row: usize, matrix: usize, rowBytes: i32, count: i32): void {
  for (let i = 0; i < count; i++, matrix += rowBytes, row += 4) {
    store<f32>(matrix, load<f32>(row));
  }
}
