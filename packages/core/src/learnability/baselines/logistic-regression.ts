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
          const gradient = new Float64Array(width * classes);
          from.forEach((row, i) => {
            toProbabilities(scores, i * classes, classes);
            for (let k = 0; k < classes; k++) {
              const residual = (labels[row] === k ? 1 : 0) - scores[i * classes + k];
              for (let j = 0; j < width; j++)
                gradient[k * width + j] += residual * x[i * width + j];
            }
          });
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

/** Scores (rows, classes) of rows (rows, width) and weights (classes, width). */
function multiply(
  x: Float64Array,
  weights: Float64Array,
  width: number,
  classes: number,
  scores: Float64Array,
): Float64Array {
  for (let i = 0; i * width < x.length; i++) {
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += x[i * width + j] * weights[k * width + j];
      scores[i * classes + k] = sum;
    }
  }
  return scores;
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
