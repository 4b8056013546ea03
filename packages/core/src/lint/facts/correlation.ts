// How much the columns repeat each other: correlations, variance inflation, condition number, all
// in float64 over the training part as the network sees it. Correlations do not depend on scale.

import type { Dataset } from "../../dataset/dataset.ts";
import { symmetricEigenvalues } from "../../shared/symmetric-eigenvalues.ts";
import { rowSample } from "./row-sample.ts";

export interface CorrelationFacts {
  /** Rows that it was computed from. */
  readonly rows: number;
  /** Pairs of different columns, strongest first, of |r| above 0.9. */
  readonly pairs: readonly CorrelatedPair[];
  /** Columns that are another one times a number plus a number: the later of each pair. */
  readonly copies: readonly { readonly column: string; readonly of: string; readonly r: number }[];
  /** Largest over smallest eigenvalue of the correlation matrix, copies left out; may be infinite. */
  readonly conditionNumber: number;
  /** 1 / (1 - R^2) of the column that the others explain best; infinite when they explain it all. */
  readonly largestInflation: { readonly column: string; readonly factor: number } | null;
}

export interface CorrelatedPair {
  readonly columns: readonly [string, string];
  readonly r: number;
}

/** The standard error of a correlation of 10,000 rows is at most 0.01. */
const MOST_ROWS = 10_000;
/** Above it the matrix of 64-bit correlations alone would be 8 MB and its eigenvalues take a second. */
const MOST_COLUMNS = 1024;
const LISTED_FROM = 0.9;
/** 1 - |r| of a column and its copy: float32 rounding, squared, with room. */
const COPY_TOLERANCE = 1e-9;

/** Null where there are too many columns. Constant columns are left out; a missing cell is a mean. */
export function correlationFacts(
  byColumn: readonly Float32Array[],
  { columns, train }: Pick<Dataset, "columns" | "train">,
): CorrelationFacts | null {
  if (columns.length > MOST_COLUMNS) return null;
  const rows = rowSample(train.rows, MOST_ROWS);
  const scores = columns.flatMap(({ name }, j) => {
    const z = standardScores(byColumn[j], rows);
    return z === undefined ? [] : [{ name, z }];
  });
  const n = scores.length;
  const matrix = scores.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i][j] = matrix[j][i] = dot(scores[i].z, scores[j].z);
  }
  const copyOf = matrix.map((row, i) =>
    row.findIndex((r, j) => j < i && Math.abs(r) > 1 - COPY_TOLERANCE),
  );
  const kept = [...copyOf.keys()].filter((i) => copyOf[i] === -1);
  const pairs: CorrelatedPair[] = [];
  for (const i of kept) {
    for (const j of kept) {
      if (j >= i) break;
      const r = matrix[i][j];
      if (Math.abs(r) > LISTED_FROM) pairs.push({ columns: [scores[j].name, scores[i].name], r });
    }
  }
  const reduced = kept.map((i) => Float64Array.from(kept, (j) => matrix[i][j]));
  return {
    rows: rows.length,
    pairs: pairs.sort((a, b) => Math.abs(b.r) - Math.abs(a.r)),
    copies: copyOf.flatMap((of, i) =>
      of === -1 ? [] : [{ column: scores[i].name, of: scores[of].name, r: matrix[i][of] }],
    ),
    conditionNumber: conditionNumber(reduced),
    largestInflation: largestInflation(
      reduced,
      kept.map((i) => scores[i].name),
    ),
  };
}

/** Centred and of length 1, so that a product of two is their correlation; undefined if constant. */
function standardScores(column: Float32Array, rows: Int32Array): Float64Array | undefined {
  const scores = new Float64Array(rows.length);
  let sum = 0;
  let n = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]];
    scores[i] = value;
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  const mean = sum / n;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Number.isFinite(scores[i]) ? scores[i] - mean : 0;
  }
  const length = Math.sqrt(dot(scores, scores));
  // Rounding error of equal values, as in preprocess/scaling.ts.
  if (!(length > scores.length * Number.EPSILON * Math.abs(mean))) return undefined;
  for (let i = 0; i < scores.length; i++) scores[i] /= length;
  return scores;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function conditionNumber(matrix: readonly Float64Array[]): number {
  if (matrix.length === 0) return 1;
  const eigenvalues = symmetricEigenvalues(matrix);
  const smallest = eigenvalues[0];
  const largest = eigenvalues[eigenvalues.length - 1];
  // An eigenvalue below the rounding error of the largest is 0.
  return smallest <= matrix.length * Number.EPSILON * largest
    ? Number.POSITIVE_INFINITY
    : largest / smallest;
}

/** The largest diagonal element of the inverse, by Cholesky; infinite where a pivot vanishes. */
function largestInflation(
  matrix: readonly Float64Array[],
  names: readonly string[],
): CorrelationFacts["largestInflation"] {
  if (names.length < 2) return null;
  const n = matrix.length;
  const lower = matrix.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      if (i !== j) lower[i][j] = rest / lower[j][j];
      else if (rest > n * Number.EPSILON) lower[i][i] = Math.sqrt(rest);
      else return { column: names[i], factor: Number.POSITIVE_INFINITY };
    }
  }
  let largest = { column: names[0], factor: 0 };
  for (let column = 0; column < n; column++) {
    // Column `column` of the lower factor's inverse; its squares sum to the inverse's diagonal.
    const solution = new Float64Array(n);
    let factor = 0;
    for (let i = column; i < n; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = column; k < i; k++) rest -= lower[i][k] * solution[k];
      solution[i] = rest / lower[i][i];
      factor += solution[i] ** 2;
    }
    if (factor > largest.factor) largest = { column: names[column], factor };
  }
  return largest;
}
