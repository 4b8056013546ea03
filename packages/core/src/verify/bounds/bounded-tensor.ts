// Tensors of bounded numbers, row-major, and the matrix product that forward and both gradients of
// a dense layer are.

import type { Arithmetic, Bounded } from "./arithmetic.ts";

export interface BoundedTensor {
  readonly values: Float64Array;
  readonly errors: Float64Array;
}

export function boundedTensor(size: number): BoundedTensor {
  return { values: new Float64Array(size), errors: new Float64Array(size) };
}

export function at({ values, errors }: BoundedTensor, i: number): Bounded {
  return { value: values[i], error: errors[i] };
}

export function put({ values, errors }: BoundedTensor, i: number, { value, error }: Bounded): void {
  values[i] = value;
  errors[i] = error;
}

export function view({ values, errors }: BoundedTensor, offset: number, size: number) {
  return {
    values: values.subarray(offset, offset + size),
    errors: errors.subarray(offset, offset + size),
  };
}

export function copyOf({ values, errors }: BoundedTensor): BoundedTensor {
  return { values: values.slice(), errors: errors.slice() };
}

/** Every `step`-th number from `first` on, `count` of them. */
export function every(t: BoundedTensor, first: number, step: number, count: number): Bounded[] {
  return Array.from({ length: count }, (_, k) => at(t, first + k * step));
}

/** Writes numbers where `every` reads them. */
export function putEvery(
  t: BoundedTensor,
  first: number,
  step: number,
  numbers: readonly Bounded[],
): void {
  for (const [k, number] of numbers.entries()) put(t, first + k * step, number);
}

/**
 * out[row, column] = start[column] + sum over k of a(row, k) b(k, column), by strides as in
 * engine/reference/matmul.ts. Whatever the order of the sum: off by what its factors are off, and
 * by gamma of the number of terms, times the sum of the terms' sizes (Higham, section 3.1).
 */
export function multiply(
  arithmetic: Arithmetic,
  out: BoundedTensor,
  rows: number,
  columns: number,
  depth: number,
  start: BoundedTensor | null,
  a: BoundedTensor,
  aRow: number,
  aStep: number,
  b: BoundedTensor,
  bColumn: number,
  bStep: number,
): void {
  const { tiny } = arithmetic;
  const gamma = arithmetic.gamma(depth + 1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let value = start === null ? 0 : start.values[column];
      let carried = start === null ? 0 : start.errors[column];
      let size = Math.abs(value) + carried;
      for (let k = 0; k < depth; k++) {
        const i = row * aRow + k * aStep;
        const j = column * bColumn + k * bStep;
        const x = Math.abs(a.values[i]);
        const y = Math.abs(b.values[j]);
        const error = x * b.errors[j] + y * a.errors[i] + a.errors[i] * b.errors[j];
        value += a.values[i] * b.values[j];
        carried += error;
        size += x * y + error;
      }
      const place = row * columns + column;
      out.values[place] = value;
      out.errors[place] = size === 0 ? 0 : carried + gamma * size + depth * tiny;
    }
  }
}
