// Rows before anything is done to them: what a source gives.

export interface Table {
  readonly rows: number;
  readonly columns: readonly string[];
  /** (rows, columns), row-major, float64; a missing value is NaN. */
  readonly x: Float64Array;
  /** One per row: class names or class numbers. */
  readonly labels: readonly (string | number)[];
  /** One per row: what its loss is multiplied by; absent: all 1. */
  readonly sampleWeight?: readonly number[];
}
