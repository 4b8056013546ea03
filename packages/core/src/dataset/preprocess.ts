// Preprocessing steps. Each is fitted on the training rows and then applied to all rows, so that
// nothing of the test part leaks into what the network sees.

import type { DataSpec } from "../spec/spec.ts";

export type PreprocessStep = DataSpec["preprocess"][number];

/** Applies a fitted step to (rows, columns) row-major values; the input is left as it is. */
export type FittedStep = (x: Float64Array) => Float64Array;

/** Fits a step on the rows listed in `train`. */
export function fitStep(
  step: PreprocessStep,
  x: Float64Array,
  columns: number,
  train: Int32Array,
): FittedStep {
  const { offset, divisor } =
    step === "standardize" ? standardize(x, columns, train) : minMax(x, columns, train);
  return (values) => values.map((value, i) => (value - offset[i % columns]) / divisor[i % columns]);
}

/**
 * Mean 0 and standard deviation 1. A column without spread is only centred: its divisor is 1, as
 * in scikit-learn's StandardScaler.
 */
function standardize(x: Float64Array, columns: number, train: Int32Array) {
  const offset = new Float64Array(columns);
  const variance = new Float64Array(columns);
  for (const row of train) {
    for (let j = 0; j < columns; j++) offset[j] += x[row * columns + j];
  }
  for (let j = 0; j < columns; j++) offset[j] /= train.length;
  for (const row of train) {
    for (let j = 0; j < columns; j++) variance[j] += (x[row * columns + j] - offset[j]) ** 2;
  }
  const divisor = variance.map((sum, j) => {
    const mean = sum / train.length;
    return isConstant(mean, offset[j], train.length) ? 1 : Math.sqrt(mean);
  });
  return { offset, divisor };
}

/**
 * Whether a variance is rounding error only: at most that of n equal values whose mean was rounded
 * (the bound of scikit-learn's `_is_constant_feature`).
 */
function isConstant(variance: number, mean: number, n: number): boolean {
  return variance <= n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
}

/** Minimum 0 and maximum 1; a column without spread becomes 0, as in scikit-learn's MinMaxScaler. */
function minMax(x: Float64Array, columns: number, train: Int32Array) {
  const offset = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const highest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (const row of train) {
    for (let j = 0; j < columns; j++) {
      offset[j] = Math.min(offset[j], x[row * columns + j]);
      highest[j] = Math.max(highest[j], x[row * columns + j]);
    }
  }
  return { offset, divisor: highest.map((high, j) => high - offset[j] || 1) };
}
