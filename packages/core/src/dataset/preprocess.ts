// Preprocessing steps. Each is fitted on some rows and then applied to rows; a missing value (NaN)
// is left out of every fit, and stays missing unless the step fills it in, as in scikit-learn.

import { sortedQuantile } from "../shared/statistics.ts";
import type { DataSpec } from "../spec/spec.ts";

export type PreprocessStep = DataSpec["preprocess"][number];

/** What a fitted step does to a value of one column. */
type Transform = (value: number) => number;

/**
 * Fits a step on the rows `fitOn` of (rows, columns) row-major values, and gives a copy in which
 * it is applied to the rows `applyTo`.
 */
export function applyStep(
  step: PreprocessStep,
  x: Float64Array,
  columns: number,
  fitOn: Int32Array,
  applyTo: Int32Array,
): Float64Array {
  const result = x.slice();
  const present = new Float64Array(fitOn.length);
  for (let j = 0; j < columns; j++) {
    let n = 0;
    for (const row of fitOn) {
      const value = x[row * columns + j];
      if (!Number.isNaN(value)) present[n++] = value;
    }
    const transform = FITS[step](present.subarray(0, n));
    for (const row of applyTo) result[row * columns + j] = transform(x[row * columns + j]);
  }
  return result;
}

const FITS: Readonly<Record<PreprocessStep, (present: Float64Array) => Transform>> = {
  imputeMean: (present) => fillingIn(meanOf(present)),
  imputeMedian: (present) => fillingIn(sortedQuantile(present.slice().sort(), 0.5)),
  /** sign(x) log(1 + |x|): for columns that span orders of magnitude. */
  signedLog: () => (value) => Math.sign(value) * Math.log1p(Math.abs(value)),
  /**
   * Mean 0 and standard deviation 1. A column without spread is only centred: its divisor is 1, as
   * in scikit-learn's StandardScaler.
   */
  standardize(present) {
    const mean = meanOf(present);
    let squares = 0;
    for (const value of present) squares += (value - mean) ** 2;
    const variance = squares / present.length;
    const sd = isConstant(variance, mean, present.length) ? 1 : Math.sqrt(variance);
    return (value) => (value - mean) / sd;
  },
  /** Minimum 0 and maximum 1; a column without spread becomes 0, as in MinMaxScaler. */
  minMax(present) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of present) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const range = high - low || 1;
    return (value) => (value - low) / range;
  },
};

function fillingIn(replacement: number): Transform {
  return (value) => (Number.isNaN(value) ? replacement : value);
}

/** NaN for no values. */
function meanOf(present: Float64Array): number {
  let sum = 0;
  for (const value of present) sum += value;
  return sum / present.length;
}

/**
 * Whether a variance is rounding error only: at most that of n equal values whose mean was rounded
 * (the bound of scikit-learn's `_is_constant_feature`).
 */
function isConstant(variance: number, mean: number, n: number): boolean {
  return variance <= n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
}
