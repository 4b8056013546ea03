// Numbers of an engine as rows and columns, and the sums that signals are made of. All sums run in
// float64, row after row.

export type Numbers = Float32Array | Float64Array;

export interface Matrix {
  readonly values: Numbers;
  readonly rows: number;
  readonly columns: number;
  /** From one row to the next; what lies behind the columns is padding. */
  readonly stride: number;
}

/** A matrix without padding. */
export function dense(values: Numbers, columns: number): Matrix {
  return { values, rows: values.length / columns, columns, stride: columns };
}

/** What one pass over a matrix finds. */
export interface Scan {
  readonly sum: number;
  readonly squares: number;
  /** The largest absolute value; NaN where one is not finite. */
  readonly largest: number;
  readonly zeros: number;
}

export function scan({ values, rows, columns, stride }: Matrix): Scan {
  let sum = 0;
  let squares = 0;
  let largest = 0;
  let zeros = 0;
  for (let row = 0; row < rows; row++) {
    const end = row * stride + columns;
    for (let i = row * stride; i < end; i++) {
      const value = values[i];
      sum += value;
      squares += value * value;
      if (value === 0) zeros++;
      else if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
    }
  }
  // NaN never compares, so one in the middle may have been overwritten; the sum keeps it.
  return { sum, squares, largest: Number.isFinite(squares) ? largest : Number.NaN, zeros };
}

export function allFinite(matrix: Matrix): boolean {
  return Number.isFinite(scan(matrix).squares);
}

/** Mean and variance, divided by n; NaN where a number is not finite. */
export function moments(matrix: Matrix): { mean: number; variance: number } {
  const { values, rows, columns, stride } = matrix;
  const mean = scan(matrix).sum / (rows * columns);
  if (!Number.isFinite(mean)) return { mean: Number.NaN, variance: Number.NaN };
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const end = row * stride + columns;
    for (let i = row * stride; i < end; i++) squares += (values[i] - mean) ** 2;
  }
  return { mean, variance: squares / (rows * columns) };
}

/** The L2 norm of the difference of two lists of numbers; NaN where one is not finite. */
export function distance(one: Numbers, other: Numbers): number {
  let squares = 0;
  for (let i = 0; i < one.length; i++) squares += (one[i] - other[i]) ** 2;
  return rootOf(squares);
}

/** NaN for the sum of squares of numbers that are not all finite. */
export function rootOf(squares: number): number {
  return Number.isFinite(squares) ? Math.sqrt(squares) : Number.NaN;
}
