// Facts of one column over some rows; missing cells are counted and left out.

import type { ColumnFacts } from "./dataset.ts";

export interface FactsOf {
  readonly name: string;
  /** (rows, width), row-major. */
  readonly x: Float64Array;
  readonly width: number;
  readonly column: number;
  readonly rows: Int32Array;
}

export function columnFacts({ name, x, width, column, rows }: FactsOf): ColumnFacts {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let present = 0;
  for (const row of rows) {
    const value = x[row * width + column];
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    present++;
  }
  const mean = sum / present;
  let squares = 0;
  for (const row of rows) {
    const value = x[row * width + column];
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return { name, min, max, mean, sd: Math.sqrt(squares / present), missing: rows.length - present };
}
