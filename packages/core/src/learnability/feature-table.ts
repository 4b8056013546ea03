// The training part as simple methods want it: at most so many rows, every column with mean 0 and
// standard deviation 1, nothing missing. It is made without looking at which label a row has, but
// for the shares of the classes, so that labels may be permuted over it.

import type { Dataset } from "../dataset/dataset.ts";

export interface FeatureTable {
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns), row-major. */
  readonly x: Float32Array;
  /** (rows): class indices. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** (rows): the place of each in the training part, from 0. */
  readonly rowOf: Int32Array;
  /** (rows): equal numbers for rows that no fold may part; absent: no groups. */
  readonly group?: Int32Array;
}

/** The standard error of an accuracy over so many rows is at most 0.011. */
const MOST_ROWS = 2000;
/** Numbers that the distances of all pairs of rows read: a quarter of a second. */
const MOST_WORK = 2.56e8;
/** Products of a step of the logistic regression, of which there are a few thousand. */
const MOST_PRODUCTS = 1e6;
/** More columns are summed up, with random signs, into so many. */
const MOST_COLUMNS = 128;
/** Standard deviations; one cell of 1e6 would otherwise be all that a distance sees. */
const FARTHEST = 5;

export function featureTable({ columns, classes, train }: Dataset): FeatureTable {
  const width = Math.min(columns.length, MOST_COLUMNS);
  const most = Math.min(
    MOST_ROWS,
    Math.floor(Math.sqrt(MOST_WORK / Math.max(1, width))),
    Math.floor(MOST_PRODUCTS / Math.max(1, width * classes.length)),
  );
  const rowOf = evenSample(train.y, classes.length, most);
  const x = new Float32Array(rowOf.length * width);
  for (let j = 0; j < columns.length; j++) {
    const column = standardized(rowOf, (row) => train.x[row * columns.length + j]);
    const sign = columns.length > width && isOdd(j) ? -1 : 1;
    column.forEach((value, i) => {
      x[i * width + (j % width)] += sign * value;
    });
  }
  const { group } = train;
  return {
    rows: rowOf.length,
    columns: width,
    x,
    ...(group ? { group: Int32Array.from(rowOf, (row) => group[row]) } : {}),
    labels: Int32Array.from(rowOf, (row) => train.y[row]),
    classes: classes.length,
    rowOf,
  };
}

/** Of the rows of the table, those of the largest class. */
export function largestShare({ labels, classes, rows }: FeatureTable): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return Math.max(...counts) / rows;
}

/** Every so many-th row of each class, in the order of the table. */
function evenSample(labels: Float32Array, classes: number, most: number): Int32Array {
  const ofClass = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => {
    ofClass[label].push(row);
  });
  const share = Math.min(1, most / labels.length);
  return Int32Array.from(
    ofClass.flatMap((rows) =>
      rows.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share)),
    ),
  ).sort();
}

/** Cells that are not finite become the mean; a constant column becomes 0. */
function standardized(rows: Int32Array, cell: (row: number) => number): Float64Array {
  const values = Float64Array.from(rows, cell);
  const known = values.filter(Number.isFinite);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  // Rounding error of equal float32 values.
  const isConstant = !(Math.sqrt(variance) > 1e-6 * Math.abs(mean));
  return values.map((value) => {
    if (isConstant || !Number.isFinite(value)) return 0;
    return Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean) / Math.sqrt(variance)));
  });
}

/** Parity of a scrambled number: a coin that always falls the same for one column. */
function isOdd(column: number): boolean {
  return ((Math.imul(column + 1, 0x9e3779b1) >>> 16) & 1) === 1;
}
