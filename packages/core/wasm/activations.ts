// Activations over (rows, units), each forward and backward.
//
// Forward writes `output` from `preActivation`; the two may be one buffer. Backward turns the
// gradient with respect to the output into that with respect to the pre-activation, in place.
// A row takes `rowBytes`; what lies behind its `units` is padding, which must stay 0 because it
// becomes a factor in gradients: a function that is not 0 at 0 clears it. A costly function does not
// go over much padding: narrow rows are packed for it. Where the slope below 0 is a setting, it is
// the last argument, which callers hand to every activation.

import { exponentials, rowMaximum } from "./softmax-row";
import {
  exp,
  expm1NonPositive,
  expNonPositive,
  lanesBefore,
  negativeSize,
  normalCdf,
  normalDensity,
  positivePart,
  sigmoid,
  softplus,
  sumLanes,
  tanh,
} from "./vector-math";

/** Klambauer et al., "Self-normalizing neural networks", 2017. */
const SELU_SCALE: f32 = 1.05070098;
const SELU_SCALE_ALPHA: f32 = 1.75809934;
/** Hendrycks and Gimpel, "Gaussian error linear units", 2016: 2 sqrt(2 / pi), and the cubic term. */
const TWICE_GELU_SCALE: f32 = 1.59576912;
const GELU_CUBIC: f32 = 0.044715;

export function reluForward(z: usize, y: usize, rows: i32, _units: i32, rowBytes: i32): void {
  const end = y + rows * rowBytes;
  for (; y < end; y += 16, z += 16) v128.store(y, positivePart(v128.load(z)));
}

export function reluBackward(
  _z: usize,
  y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, y += 16) {
    // A product and not a selection: 0 times NaN is NaN, and what diverged must show.
    const slope = v128.and(f32x4.gt(v128.load(y), f32x4.splat(0)), f32x4.splat(1));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function leakyReLUForward(
  z: usize,
  y: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
  alpha: f32,
): void {
  const end = y + rows * rowBytes;
  for (; y < end; y += 16, z += 16) {
    const x = v128.load(z);
    const leak = f32x4.mul(x, f32x4.splat(alpha));
    v128.store(y, v128.bitselect(x, leak, f32x4.gt(x, f32x4.splat(0))));
  }
}

export function leakyReLUBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
  alpha: f32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const d = v128.load(gradient);
    const leak = f32x4.mul(d, f32x4.splat(alpha));
    v128.store(gradient, v128.bitselect(d, leak, f32x4.gt(v128.load(z), f32x4.splat(0))));
  }
}

/** Slopes below 0 are one row, a number for each unit. */
export function preluForward(z: usize, slopes: usize, y: usize, rows: i32, rowBytes: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < <usize>rowBytes; at += 16) {
      const x = v128.load(z + at);
      const leak = f32x4.mul(x, v128.load(slopes + at));
      v128.store(y + at, v128.bitselect(x, leak, f32x4.gt(x, f32x4.splat(0))));
    }
    z += rowBytes;
    y += rowBytes;
  }
}

/** Writes the gradient of the slopes too. */
export function preluBackward(
  z: usize,
  slopes: usize,
  gradient: usize,
  dSlopes: usize,
  rows: i32,
  rowBytes: i32,
): void {
  for (let at: usize = 0; at < <usize>rowBytes; at += 16) {
    const slope = v128.load(slopes + at);
    let sum = f32x4.splat(0);
    let from = z + at;
    let to = gradient + at;
    for (let row = 0; row < rows; row++, from += rowBytes, to += rowBytes) {
      const x = v128.load(from);
      const d = v128.load(to);
      const isAbove = f32x4.gt(x, f32x4.splat(0));
      sum = f32x4.add(sum, v128.andnot(f32x4.mul(d, x), isAbove));
      v128.store(to, v128.bitselect(d, f32x4.mul(d, slope), isAbove));
    }
    v128.store(dSlopes + at, sum);
  }
}

export function eluForward(
  z: usize,
  y: usize,
  rows: i32,
  units: i32,
  rowBytes: i32,
  alpha: f32,
): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    const below = expm1NonPositive(f32x4.pmin(x, f32x4.splat(0)));
    const scaled = f32x4.mul(below, f32x4.splat(alpha));
    v128.store(to, v128.bitselect(x, scaled, f32x4.gt(x, f32x4.splat(0))));
  }
  spread(y, rows, units, rowBytes);
}

export function eluBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
  alpha: f32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const d = v128.load(gradient);
    // e^z itself and not y + 1, which has no digits left where y is near -1.
    const e = expNonPositive(f32x4.pmin(x, f32x4.splat(0)));
    const below = f32x4.mul(d, f32x4.mul(e, f32x4.splat(alpha)));
    v128.store(gradient, v128.bitselect(d, below, f32x4.gt(x, f32x4.splat(0))));
  }
}

export function seluForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    const above = f32x4.mul(x, f32x4.splat(SELU_SCALE));
    const below = expm1NonPositive(f32x4.pmin(x, f32x4.splat(0)));
    const scaled = f32x4.mul(below, f32x4.splat(SELU_SCALE_ALPHA));
    v128.store(to, v128.bitselect(above, scaled, f32x4.gt(x, f32x4.splat(0))));
  }
  spread(y, rows, units, rowBytes);
}

export function seluBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const e = expNonPositive(f32x4.pmin(x, f32x4.splat(0)));
    const below = f32x4.mul(e, f32x4.splat(SELU_SCALE_ALPHA));
    const slope = v128.bitselect(f32x4.splat(SELU_SCALE), below, f32x4.gt(x, f32x4.splat(0)));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

/** The exact form: z times the normal distribution function. */
export function geluForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    v128.store(to, f32x4.mul(x, normalCdf(x)));
  }
  spread(y, rows, units, rowBytes);
}

export function geluBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const slope = f32x4.add(normalCdf(x), f32x4.mul(x, normalDensity(x)));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

/** z sigmoid(2 u) with u = sqrt(2 / pi) (z + 0.044715 z^3): (1 + tanh u) / 2 without its cancellation. */
export function geluTanhForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    v128.store(to, f32x4.mul(x, sigmoid(twiceGeluArgument(x))));
  }
  spread(y, rows, units, rowBytes);
}

export function geluTanhBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  const one = f32x4.splat(1);
  for (; gradient < end; gradient += 16, z += 16) {
    // Beyond 16 the slope is 0 or 1 in float32; its factors would overflow.
    const x = f32x4.pmin(f32x4.pmax(v128.load(z), f32x4.splat(-16)), f32x4.splat(16));
    const u = twiceGeluArgument(x);
    const cubic = f32x4.mul(f32x4.mul(x, x), f32x4.splat(3 * GELU_CUBIC));
    const du = f32x4.mul(f32x4.add(one, cubic), f32x4.splat(TWICE_GELU_SCALE));
    const rest = f32x4.mul(f32x4.mul(x, du), sigmoid(f32x4.neg(u)));
    const slope = f32x4.mul(sigmoid(u), f32x4.add(one, rest));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function sigmoidForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) v128.store(to, sigmoid(v128.load(from)));
  spread(y, rows, units, rowBytes);
}

export function sigmoidBackward(
  _z: usize,
  y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, y += 16) {
    const value = v128.load(y);
    const slope = f32x4.mul(value, f32x4.sub(f32x4.splat(1), value));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function hardSigmoidForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  const end = y + rows * rowBytes;
  for (let at = y; at < end; at += 16, z += 16) {
    const line = f32x4.add(f32x4.div(v128.load(z), f32x4.splat(6)), f32x4.splat(0.5));
    v128.store(at, f32x4.pmin(positivePart(line), f32x4.splat(1)));
  }
  clearPadding(y, rows, units, rowBytes);
}

export function hardSigmoidBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const inside = v128.and(f32x4.gt(x, f32x4.splat(-3)), f32x4.le(x, f32x4.splat(3)));
    const slope = v128.and(inside, f32x4.splat(<f32>(1.0 / 6)));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function tanhForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) v128.store(to, tanh(v128.load(from)));
  spread(y, rows, units, rowBytes);
}

export function tanhBackward(
  _z: usize,
  y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, y += 16) {
    const value = v128.load(y);
    const slope = f32x4.sub(f32x4.splat(1), f32x4.mul(value, value));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function softplusForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) v128.store(to, softplus(v128.load(from)));
  spread(y, rows, units, rowBytes);
}

export function softplusBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    v128.store(gradient, f32x4.mul(v128.load(gradient), sigmoid(v128.load(z))));
  }
}

export function softsignForward(z: usize, y: usize, rows: i32, _units: i32, rowBytes: i32): void {
  const end = y + rows * rowBytes;
  for (; y < end; y += 16, z += 16) {
    const x = v128.load(z);
    v128.store(y, f32x4.div(x, f32x4.add(f32x4.splat(1), f32x4.abs(x))));
  }
}

export function softsignBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const size = f32x4.add(f32x4.splat(1), f32x4.abs(v128.load(z)));
    v128.store(gradient, f32x4.div(f32x4.div(v128.load(gradient), size), size));
  }
}

export function swishForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    v128.store(to, f32x4.mul(x, sigmoid(x)));
  }
  spread(y, rows, units, rowBytes);
}

export function swishBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  const one = f32x4.splat(1);
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const rest = f32x4.mul(x, sigmoid(f32x4.neg(x)));
    const slope = f32x4.mul(sigmoid(x), f32x4.add(one, rest));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

/** z tanh(softplus z): with w = 1 + e^z the tangent is (w^2 - 1) / (w^2 + 1). */
export function mishForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) {
    const x = v128.load(from);
    const e = expNonPositive(negativeSize(x));
    const n = mishNumerator(x, e);
    v128.store(to, f32x4.mul(x, f32x4.div(n, f32x4.add(n, mishRest(x, e)))));
  }
  spread(y, rows, units, rowBytes);
}

export function mishBackward(
  z: usize,
  _y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, z += 16) {
    const x = v128.load(z);
    const e = expNonPositive(negativeSize(x));
    const n = mishNumerator(x, e);
    const rest = mishRest(x, e);
    const whole = f32x4.add(n, rest);
    const t = f32x4.div(n, whole);
    // 1 - t^2 without a difference of near equals.
    const fall = f32x4.div(f32x4.mul(f32x4.div(rest, whole), f32x4.add(n, whole)), whole);
    const slope = f32x4.add(t, f32x4.mul(f32x4.mul(x, sigmoid(x)), fall));
    v128.store(gradient, f32x4.mul(v128.load(gradient), slope));
  }
}

export function exponentialForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  let from = packed(z, y, rows, units, rowBytes);
  const end = y + packedBytes(rows, units, rowBytes);
  for (let to = y; to < end; to += 16, from += 16) v128.store(to, exp(v128.load(from)));
  spread(y, rows, units, rowBytes);
}

export function exponentialBackward(
  _z: usize,
  y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  const end = gradient + rows * rowBytes;
  for (; gradient < end; gradient += 16, y += 16) {
    v128.store(gradient, f32x4.mul(v128.load(gradient), v128.load(y)));
  }
}

export function softmaxForward(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): void {
  for (let row = 0; row < rows; row++, z += rowBytes, y += rowBytes) {
    const largest = rowMaximum(z, units);
    const total = f32x4.splat(exponentials(z, y, units, largest));
    for (let at = y, end = y + rowBytes; at < end; at += 16) {
      v128.store(at, f32x4.div(v128.load(at), total));
    }
  }
}

export function softmaxBackward(
  _z: usize,
  y: usize,
  gradient: usize,
  rows: i32,
  _units: i32,
  rowBytes: i32,
): void {
  for (let row = 0; row < rows; row++, y += rowBytes, gradient += rowBytes) {
    let products = f32x4.splat(0);
    for (let at: usize = 0; at < <usize>rowBytes; at += 16) {
      const product = f32x4.mul(v128.load(y + at), v128.load(gradient + at));
      products = f32x4.add(products, product);
    }
    const mean = f32x4.splat(sumLanes(products));
    for (let at: usize = 0; at < <usize>rowBytes; at += 16) {
      const centred = f32x4.sub(v128.load(gradient + at), mean);
      v128.store(gradient + at, f32x4.mul(v128.load(y + at), centred));
    }
  }
}

function twiceGeluArgument(x: v128): v128 {
  const cubic = f32x4.mul(f32x4.mul(x, x), f32x4.splat(GELU_CUBIC));
  const bent = f32x4.mul(x, f32x4.add(f32x4.splat(1), cubic));
  return f32x4.mul(bent, f32x4.splat(TWICE_GELU_SCALE));
}

/** (w^2 - 1) for z <= 0, above divided through by e^2z; `e` is e^-|z|. */
function mishNumerator(x: v128, e: v128): v128 {
  const below = f32x4.mul(e, f32x4.add(e, f32x4.splat(2)));
  const above = f32x4.add(f32x4.splat(1), f32x4.add(e, e));
  return v128.bitselect(above, below, f32x4.gt(x, f32x4.splat(0)));
}

/** What the numerator lacks to w^2 + 1. */
function mishRest(x: v128, e: v128): v128 {
  const above = f32x4.mul(f32x4.add(e, e), e);
  return v128.bitselect(above, f32x4.splat(2), f32x4.gt(x, f32x4.splat(0)));
}

/**
 * Whether padding is so large a share of the rows that a costly function is faster on packed rows,
 * with the way there and back: 37% of 5 units, nothing of 8.
 */
function isPacked(units: i32, rowBytes: i32): bool {
  return rowBytes >= 5 * units;
}

/** How much a function goes over that has called `packed`. */
function packedBytes(rows: i32, units: i32, rowBytes: i32): i32 {
  return isPacked(units, rowBytes) ? (rows * units) << 2 : rows * rowBytes;
}

/** Where the function's arguments begin: with z, or packed row behind row in the room of y. */
function packed(z: usize, y: usize, rows: i32, units: i32, rowBytes: i32): usize {
  if (!isPacked(units, rowBytes)) return z;
  const packedRow = units << 2;
  let to = y;
  for (let row = 0; row < rows; row++, z += rowBytes, to += packedRow) {
    // What is written behind a row is written over by the next.
    for (let at = 0; at < packedRow; at += 16) v128.store(to + at, v128.load(z + at));
  }
  return y;
}

/** Brings the values in y back to where their rows are, from the last on; padding becomes 0. */
function spread(y: usize, rows: i32, units: i32, rowBytes: i32): void {
  if (!isPacked(units, rowBytes)) {
    clearPadding(y, rows, units, rowBytes);
    return;
  }
  const packedRow = units << 2;
  const last = (units - 1) & ~3;
  const inside = lanesBefore(units - last);
  let from = y + (rows - 1) * packedRow;
  let to = y + (rows - 1) * rowBytes;
  for (let row = 0; row < rows; row++, from -= packedRow, to -= rowBytes) {
    v128.store(to + (last << 2), v128.and(v128.load(from + (last << 2)), inside));
    for (let at = (last << 2) - 16; at >= 0; at -= 16) v128.store(to + at, v128.load(from + at));
  }
}

function clearPadding(y: usize, rows: i32, units: i32, rowBytes: i32): void {
  const used = units << 2;
  for (let row = 0; row < rows; row++, y += rowBytes) {
    for (let at = used; at < rowBytes; at += 4) store<f32>(y + at, 0);
  }
}
