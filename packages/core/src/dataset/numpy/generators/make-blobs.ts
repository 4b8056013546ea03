// scikit-learn's `make_blobs`: one round normal cloud per class.

import { NumpyError } from "../errors.ts";
import { type RandomState, randomStateOf, type Seed } from "../random-state.ts";
import { checkRowCount, checkSpread, type GeneratedData, shuffleRows } from "./generated-data.ts";

export interface MakeBlobsOptions {
  /** Number of rows, dealt evenly to the centers (the first get the rest), or rows per center. Default 100. */
  rows?: number | readonly number[] | undefined;
  /** Number of features; ignored when `centers` gives points. Default 2. */
  columns?: number | undefined;
  /** Number of centers, drawn at random from `centerBox`, or the points. Default 3. */
  centers?: number | readonly (readonly number[])[] | undefined;
  /** Standard deviation of the clouds, one for all or one per center. Default 1. */
  clusterStd?: number | readonly number[] | undefined;
  /** Bounds of each coordinate of a drawn center. Default [-10, 10]. */
  centerBox?: readonly [low: number, high: number] | undefined;
  /** Shuffle the rows. Default true. */
  shuffle?: boolean | undefined;
  /** scikit-learn's `random_state`. */
  seed: Seed;
}

/** One class per center. Throws NumpyError. */
export function makeBlobs(options: MakeBlobsOptions): GeneratedData {
  const random = randomStateOf(options.seed);
  const centers = centerPoints(options, random);
  const columns = centers[0].length;
  const rowsOfCenter = rowsPerCenter(options.rows ?? 100, centers.length);
  const stdOfCenter = stdPerCenter(options.clusterStd ?? 1, centers.length);
  const rows = rowsOfCenter.reduce((sum, count) => sum + count, 0);

  const x = new Float64Array(rows * columns);
  const y = new Int32Array(rows);
  let start = 0;
  centers.forEach((center, label) => {
    const end = start + rowsOfCenter[label];
    // Drawn around 0 and moved: loc + scale * z, one rounding per operation, as with an array `loc`.
    const cloud = random.normal(0, stdOfCenter[label], rowsOfCenter[label] * columns);
    cloud.forEach((offset, i) => {
      x[start * columns + i] = center[i % columns] + offset;
    });
    y.fill(label, start, end);
    start = end;
  });
  const data = { x, y, rows, columns };
  return (options.shuffle ?? true) ? shuffleRows(data, random) : data;
}

type Points = readonly (readonly number[])[];

function centerPoints(options: MakeBlobsOptions, random: RandomState): Points {
  const { rows, columns = 2, centerBox = [-10, 10] } = options;
  const centers = options.centers ?? (typeof rows === "object" ? rows.length : 3);
  if (typeof centers !== "number") return checkPoints(centers);
  if (!Number.isInteger(centers) || centers < 1) {
    throw new NumpyError(
      "GENERATOR_CENTERS",
      `centers is ${centers}; use a positive integer or a list of points.`,
    );
  }
  if (!Number.isInteger(columns) || columns < 1) {
    throw new NumpyError("GENERATOR_COLUMNS", `columns is ${columns}; use a positive integer.`);
  }
  return Array.from({ length: centers }, () =>
    Array.from(random.uniform(centerBox[0], centerBox[1], columns)),
  );
}

function checkPoints(points: Points): Points {
  if (points.length === 0 || points[0].length === 0) {
    throw new NumpyError("GENERATOR_CENTERS", "centers is empty; give at least one point.");
  }
  const uneven = points.findIndex((point) => point.length !== points[0].length);
  if (uneven !== -1) {
    throw new NumpyError(
      "GENERATOR_CENTERS",
      `centers[${uneven}] has ${points[uneven].length} coordinates but centers[0] has ${points[0].length}; give all points the same number.`,
    );
  }
  return points;
}

function rowsPerCenter(rows: number | readonly number[], centers: number): readonly number[] {
  if (typeof rows === "number") {
    checkRowCount("rows", rows);
    const each = Math.floor(rows / centers);
    return Array.from({ length: centers }, (_, i) => each + (i < rows % centers ? 1 : 0));
  }
  checkLength("rows", rows, centers);
  rows.forEach((count, i) => {
    checkRowCount(`rows[${i}]`, count);
  });
  return rows;
}

function stdPerCenter(std: number | readonly number[], centers: number): readonly number[] {
  if (typeof std === "number") {
    checkSpread("clusterStd", std);
    return new Array(centers).fill(std);
  }
  checkLength("clusterStd", std, centers);
  std.forEach((value, i) => {
    checkSpread(`clusterStd[${i}]`, value);
  });
  return std;
}

function checkLength(name: string, values: readonly number[], centers: number): void {
  if (values.length === centers) return;
  throw new NumpyError(
    "GENERATOR_CENTERS",
    `${name} has ${values.length} entries for ${centers} centers; give one per center.`,
  );
}
