// Multinomial logistic regression with a ridge. Newton's steps with one bound on all Hessians,
// 1/2 X'X (Böhning, Ann. Inst. Statist. Math. 44, 1992): it is factored once, the likelihood rises
// with every step, and the first step alone is least squares on the classes' indicators.

import type { Baseline } from "../baseline.ts";
import type { FeatureTable } from "../feature-table.ts";

/** On the weights of standardized columns: a prior of unit variance. */
const RIDGE = 1;
/** Steps after which accuracies no longer move. */
const STEPS = 30;

export const logisticRegression = logistic(STEPS);
/** One step: for permutation tests, which ask hundreds of times. */
export const leastSquares = logistic(1);

function logistic(steps: number): Baseline {
  return {
    name: "logistic regression",
    prepare(table, { from, about }) {
      const { classes } = table;
      const width = table.columns + 1;
      const x = withOnes(table, from);
      const asked = withOnes(table, about);
      const factor = cholesky(hessianBound(x, width));
      return (labels) => {
        const weights = new Float64Array(width * classes);
        const scores = new Float64Array(from.length * classes);
        for (let step = 0; step < steps; step++) {
          if (step > 0) multiply(x, weights, width, classes, scores);
          from.forEach((row, i) => {
            toProbabilities(scores, i * classes, classes);
            for (let k = 0; k < classes; k++) {
              scores[i * classes + k] = (labels[row] === k ? 1 : 0) - scores[i * classes + k];
            }
          });
          const gradient = transposedProduct(scores, x, width, classes);
          for (let k = 0; k < classes; k++) {
            // The ridge spares the last weight, the class's offset.
            for (let j = 0; j < width - 1; j++) {
              gradient[k * width + j] -= RIDGE * weights[k * width + j];
            }
            solve(factor, gradient.subarray(k * width, (k + 1) * width));
          }
          gradient.forEach((change, i) => {
            weights[i] += change;
          });
        }
        return multiply(asked, weights, width, classes, new Float64Array(about.length * classes));
      };
    },
  };
}

/** The rows with a last column of ones, for the classes' offsets. */
function withOnes({ x, columns }: FeatureTable, rows: Int32Array): Float64Array {
  const width = columns + 1;
  const found = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    found.set(x.subarray(row * columns, (row + 1) * columns), i * width);
    found[(i + 1) * width - 1] = 1;
  });
  return found;
}

function hessianBound(x: Float64Array, width: number): Float64Array {
  const bound = new Float64Array(width * width);
  for (let row = 0; row < x.length; row += width) {
    for (let i = 0; i < width; i++) {
      const value = x[row + i] / 2;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) bound[i * width + j] += value * x[row + j];
    }
  }
  for (let i = 0; i < width; i++) bound[i * width + i] += i < width - 1 ? RIDGE : 1e-9;
  return bound;
}

/** Lower triangle in place. */
function cholesky(a: Float64Array): Float64Array {
  const n = Math.sqrt(a.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
  return a;
}

/** Solves L L' s = b in place of b. */
function solve(lower: Float64Array, b: Float64Array) {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= lower[i * n + k] * b[k];
    b[i] /= lower[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= lower[k * n + i] * b[k];
    b[i] /= lower[i * n + i];
  }
}

/**
 * Scores (rows, classes) of rows (rows, width) and weights (classes, width). Four rows at a time,
 * because one sum would wait for each of its additions.
 */
function multiply(
  x: Float64Array,
  weights: Float64Array,
  width: number,
  classes: number,
  scores: Float64Array,
): Float64Array {
  const rows = x.length / width;
  for (let i = 0; i < rows; i += 4) {
    // Past the last row the last one is computed again.
    const row1 = Math.min(i + 1, rows - 1);
    const row2 = Math.min(i + 2, rows - 1);
    const row3 = Math.min(i + 3, rows - 1);
    for (let k = 0; k < classes; k++) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let j = 0; j < width; j++) {
        const weight = weights[k * width + j];
        sum0 += x[i * width + j] * weight;
        sum1 += x[row1 * width + j] * weight;
        sum2 += x[row2 * width + j] * weight;
        sum3 += x[row3 * width + j] * weight;
      }
      scores[i * classes + k] = sum0;
      scores[row1 * classes + k] = sum1;
      scores[row2 * classes + k] = sum2;
      scores[row3 * classes + k] = sum3;
    }
  }
  return scores;
}

/**
 * (classes, width) of residuals (rows, classes) and rows (rows, width). Four rows per pass over the
 * product, added one after the other.
 */
function transposedProduct(
  residuals: Float64Array,
  x: Float64Array,
  width: number,
  classes: number,
): Float64Array {
  const product = new Float64Array(width * classes);
  const rows = x.length / width;
  const whole = rows - (rows % 4);
  for (let i = 0; i < whole; i += 4) {
    const x0 = i * width;
    for (let k = 0; k < classes; k++) {
      const r0 = residuals[i * classes + k];
      const r1 = residuals[(i + 1) * classes + k];
      const r2 = residuals[(i + 2) * classes + k];
      const r3 = residuals[(i + 3) * classes + k];
      for (let j = 0; j < width; j++) {
        const place = x0 + j;
        product[k * width + j] =
          product[k * width + j] +
          r0 * x[place] +
          r1 * x[place + width] +
          r2 * x[place + 2 * width] +
          r3 * x[place + 3 * width];
      }
    }
  }
  for (let i = whole; i < rows; i++) {
    for (let k = 0; k < classes; k++) {
      const residual = residuals[i * classes + k];
      for (let j = 0; j < width; j++) product[k * width + j] += residual * x[i * width + j];
    }
  }
  return product;
}

/** Softmax in place. */
function toProbabilities(scores: Float64Array, start: number, classes: number) {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) largest = Math.max(largest, scores[start + k]);
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    scores[start + k] = Math.exp(scores[start + k] - largest);
    sum += scores[start + k];
  }
  for (let k = 0; k < classes; k++) scores[start + k] /= sum;
}
