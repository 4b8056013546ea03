// What a dense layer needs beside matmul: the transposed kernel for dInput, dBias, the penalty, and norms.

/** b (columns, rows) = a (rows, columns) transposed; both counts are multiples of 4. */
export function transpose(a: usize, aRow: i32, b: usize, bRow: i32, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 4) {
    let from = a + row * aRow;
    let to = b + (row << 2);
    for (let column = 0; column < columns; column += 4, from += 16, to += bRow << 2) {
      const row0 = v128.load(from);
      const row1 = v128.load(from + aRow);
      const row2 = v128.load(from + aRow * 2);
      const row3 = v128.load(from + aRow * 3);
      const low01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(to + bRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      v128.store(to + bRow * 2, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
      v128.store(to + bRow * 3, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    }
  }
}

/** sums (columns) = a (rows, columns) summed over its rows: two sums that need not wait for each other. */
export function columnSums(a: usize, aRow: i32, sums: usize, rows: i32, columns: i32): void {
  let column = 0;
  for (; column + 8 <= columns; column += 8, a += 32, sums += 32) {
    let left = f32x4.splat(0);
    let right = f32x4.splat(0);
    let from = a;
    for (let row = 0; row < rows; row++, from += aRow) {
      left = f32x4.add(left, v128.load(from));
      right = f32x4.add(right, v128.load(from, 16));
    }
    v128.store(sums, left);
    v128.store(sums, right, 16);
  }
  if (column < columns) {
    let sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++, a += aRow) sum = f32x4.add(sum, v128.load(a));
    v128.store(sums, sum);
  }
}

/** l1 * sum |w| + l2 * sum w^2 in float64; `count` numbers, padding included (it is 0). */
export function penalty(parameter: usize, count: i32, l1: f64, l2: f64): f64 {
  const sizeFactor = f64x2.splat(l1);
  const squareFactor = f64x2.splat(l2);
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let end = parameter + ((<usize>count) << 2); parameter < end; parameter += 16) {
    const w = v128.load(parameter);
    const low = f64x2.promote_low_f32x4(w);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(w, w, 2, 3, 2, 3));
    even = f64x2.add(even, f64x2.mul(sizeFactor, f64x2.abs(low)));
    odd = f64x2.add(odd, f64x2.mul(sizeFactor, f64x2.abs(high)));
    even = f64x2.add(even, f64x2.mul(squareFactor, f64x2.mul(low, low)));
    odd = f64x2.add(odd, f64x2.mul(squareFactor, f64x2.mul(high, high)));
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** sum w^2 in float64; `count` numbers, padding included (it is 0). */
export function squares(values: usize, count: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16) {
    const w = v128.load(values);
    const low = f64x2.promote_low_f32x4(w);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(w, w, 2, 3, 2, 3));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** gradient += l1 * sign(w) + 2 * l2 * w */
export function addPenaltyGradient(
  parameter: usize,
  gradient: usize,
  count: i32,
  l1: f32,
  l2: f32,
): void {
  const zero = f32x4.splat(0);
  const size = f32x4.splat(l1);
  const twice = f32x4.splat(2 * l2);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16) {
    const w = v128.load(parameter);
    const positive = v128.and(size, f32x4.gt(w, zero));
    const negative = v128.and(size, f32x4.lt(w, zero));
    const slope = f32x4.add(f32x4.sub(positive, negative), f32x4.mul(twice, w));
    v128.store(gradient, f32x4.add(v128.load(gradient), slope));
  }
}
