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

export function forEach(
  { values, rows, columns, stride }: Matrix,
  see: (value: number, row: number, column: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      see(values[row * stride + column], row, column);
    }
  }
}

export function allFinite(matrix: Matrix): boolean {
  let finite = true;
  forEach(matrix, (value) => {
    finite &&= Number.isFinite(value);
  });
  return finite;
}

export function sumOfSquares(matrix: Matrix): number {
  let sum = 0;
  forEach(matrix, (value) => {
    sum += value * value;
  });
  return sum;
}

/** The largest absolute value; NaN where one is not finite. */
export function largest(matrix: Matrix): number {
  let most = 0;
  forEach(matrix, (value) => {
    most = Math.max(most, Math.abs(value));
  });
  return Number.isFinite(most) ? most : Number.NaN;
}

/** Mean and variance, divided by n; NaN where a number is not finite. */
export function moments(matrix: Matrix): { mean: number; variance: number } {
  const count = matrix.rows * matrix.columns;
  let sum = 0;
  forEach(matrix, (value) => {
    sum += value;
  });
  const mean = sum / count;
  let squares = 0;
  forEach(matrix, (value) => {
    squares += (value - mean) ** 2;
  });
  return Number.isFinite(mean) ? { mean, variance: squares / count } : { mean: NaN, variance: NaN };
}
