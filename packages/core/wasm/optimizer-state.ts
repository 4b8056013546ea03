// An optimizer's running averages, without subnormal numbers: a core takes some hundred cycles for
// each. The state of a unit that has died decays to them and stays there, and so do the squares of a
// network that knows its rows by heart. What would make one is 0 instead, as TensorFlow flushes them
// on a CPU.

/** The mean of gradients, moved towards g; `areFar` as `areFarFrom0` says. */
export function meanWith(g: v128, mean: usize, gain: v128, least: v128, areFar: bool): v128 {
  return areFar ? moved(mean, g, gain) : approached(mean, settled(g, least), gain, least);
}

/** The mean of squares, moved towards that of g; `leastRoot` is the root of `least`. */
export function squareWith(
  g: v128,
  square: usize,
  gain: v128,
  least: v128,
  leastRoot: v128,
  areFar: bool,
): v128 {
  return areFar
    ? moved(square, f32x4.mul(g, g), gain)
    : approached(square, squared(g, leastRoot), gain, least);
}

/** state += (target - state) * gain; returns it. */
export function approached(state: usize, target: v128, gain: v128, least: v128): v128 {
  const before = v128.load(state);
  const after = f32x4.add(before, f32x4.mul(f32x4.sub(target, before), gain));
  const kept = settled(after, least);
  v128.store(state, kept);
  return kept;
}

/** `approached` where nothing is close to a subnormal number: every bit the same, in half the time. */
function moved(state: usize, target: v128, gain: v128): v128 {
  const before = v128.load(state);
  const after = f32x4.add(before, f32x4.mul(f32x4.sub(target, before), gain));
  v128.store(state, after);
  return after;
}

/**
 * Whether a gradient, a mean of gradients and a mean of squares are each 0 or so far from it that
 * `settled` finds nothing to take away: no limit of `leastTimes` is larger than 2^-96, and two numbers
 * that cancel leave 0 or 2^-24 of themselves at least. Zeros are many, of units that are off. NaN
 * counts as far.
 */
export function areFarFrom0(g: v128, mean: v128, square: v128): bool {
  const far = rank(f32x4.splat(FAR));
  const isNear = i32x4.lt_s(i32x4.min_s(rank(g), rank(mean)), far);
  const isSquareNear = i32x4.lt_s(rank(square), rank(f32x4.splat(FAR * FAR)));
  return !v128.any_true(v128.or(isNear, isSquareNear));
}

/** Integers in the order of |x|, but 0 comes last. */
function rank(x: v128): v128 {
  return i32x4.add(i32x4.shl(x, 1), i32x4.splat(i32.MAX_VALUE));
}

/** state = kept * state + gain * value; returns it. */
export function averaged(state: usize, value: v128, kept: v128, gain: v128, least: v128): v128 {
  const after = f32x4.add(f32x4.mul(kept, v128.load(state)), f32x4.mul(gain, value));
  const stays = settled(after, least);
  v128.store(state, stays);
  return stays;
}

/** 0 where a number is closer to 0 than `least`; NaN stays NaN. */
export function settled(x: v128, least: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), least));
}

/** x * x, 0 where x is closer to 0 than `leastRoot`. */
export function squared(x: v128, leastRoot: v128): v128 {
  const large = settled(x, leastRoot);
  return f32x4.mul(large, large);
}

/** The smallest number whose product with a factor up to 1 is not subnormal. */
export function leastTimes(factor: f32): v128 {
  return f32x4.splat(SMALLEST_NORMAL / max<f32>(factor, SMALLEST_FACTOR));
}

/** 2^-126 */
const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;
/** What a factor of 0 counts as: nothing that matters is closer to 0 than 2^-96. */
const SMALLEST_FACTOR: f32 = 9.313225746154785e-10;
/** 2^-33: its square, times the smallest factor, is no smaller than the largest limit. */
const FAR: f32 = 1.1641532182693481e-10;
