// Arithmetic on areas of `count` numbers, a multiple of 4; padding is 0 and stays 0.

/** to += from */
export function addTo(to: usize, from: usize, count: i32): void {
  for (let end = to + ((<usize>count) << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
}

/** sum = a + b */
export function add(a: usize, b: usize, sum: usize, count: i32): void {
  for (let end = a + ((<usize>count) << 2); a < end; a += 16, b += 16, sum += 16) {
    v128.store(sum, f32x4.add(v128.load(a), v128.load(b)));
  }
}

/** average = keep * average + gain * value */
export function average(averages: usize, values: usize, count: i32, keep: f32, gain: f32): void {
  const end = averages + ((<usize>count) << 2);
  for (; averages < end; averages += 16, values += 16) {
    const kept = f32x4.mul(f32x4.splat(keep), v128.load(averages));
    v128.store(averages, f32x4.add(kept, f32x4.mul(f32x4.splat(gain), v128.load(values))));
  }
}

export function copy(from: usize, to: usize, count: i32): void {
  memory.copy(to, from, (<usize>count) << 2);
}

export function clear(at: usize, count: i32): void {
  memory.fill(at, 0, (<usize>count) << 2);
}

/** values -= share * values */
export function decay(values: usize, count: i32, share: f32): void {
  const shares = f32x4.splat(share);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16) {
    const value = v128.load(values);
    v128.store(values, f32x4.sub(value, f32x4.mul(value, shares)));
  }
}

/** Each number to [-limit, limit]; NaN stays NaN. */
export function clamp(values: usize, count: i32, limit: f32): void {
  const high = f32x4.splat(limit);
  const low = f32x4.neg(high);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16) {
    v128.store(values, f32x4.pmin(f32x4.pmax(v128.load(values), low), high));
  }
}

export function scale(values: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16) {
    v128.store(values, f32x4.mul(v128.load(values), factors));
  }
}
