// scikit-learn's `make_classification`: normal clusters on the corners of a hypercube, with
// redundant, repeated and useless columns added (after Guyon, "Design of experiments for the NIPS
// 2003 variable selection benchmark"). Draws follow sklearn/datasets/_samples_generator.py.

import { NumpyError } from "../errors.ts";
import { type RandomState, randomStateOf, type Seed } from "../random-state.ts";
import { checkRowCount, type GeneratedData, shuffleRows } from "./generated-data.ts";
import { sampleWithoutReplacement } from "./sample-without-replacement.ts";

export interface MakeClassificationOptions {
  /** Number of rows. Default 100. */
  rows?: number | undefined;
  /** Number of features, useless ones included. Default 20. */
  columns?: number | undefined;
  /** Features that carry the classes. Default 2. */
  informative?: number | undefined;
  /** Features that are random sums of informative ones. Default 2. */
  redundant?: number | undefined;
  /** Features copied from informative and redundant ones. Default 0. */
  repeated?: number | undefined;
  /** Number of classes. Default 2. */
  classes?: number | undefined;
  /** Default 2. */
  clustersPerClass?: number | undefined;
  /** Share of the rows per class; one fewer than `classes` leaves the rest to the last. Default equal. */
  weights?: readonly number[] | undefined;
  /** Share of the rows whose label is drawn anew at random, after the weights. Default 0.01. */
  flipY?: number | undefined;
  /** Half the edge of the hypercube: the larger, the easier. Default 1. */
  classSep?: number | undefined;
  /** Clusters on a hypercube (default) or on a random polytope (false). */
  hypercube?: boolean | undefined;
  /** Added to each feature: one number, one per column, or null for random ones. Default 0. */
  shift?: number | readonly number[] | null | undefined;
  /** Then multiplied: one number, one per column, or null for random ones in [1, 101). Default 1. */
  scale?: number | readonly number[] | null | undefined;
  /** Shuffle the rows and the columns. Default true. */
  shuffle?: boolean | undefined;
  /** scikit-learn's `random_state`. */
  seed: Seed;
}

/**
 * A (rows, columns) problem with `classes` classes. Equal to scikit-learn's to rounding: the sums
 * over informative features are added from the first to the last here, by BLAS there. Throws
 * NumpyError.
 */
export function makeClassification(options: MakeClassificationOptions): GeneratedData {
  const settings = settingsOf(options);
  const { rows, columns, informative, redundant, repeated, classes } = settings;
  const rowsOfCluster = rowsPerCluster(settings);
  const random = randomStateOf(options.seed);

  const centroids = clusterCentroids(settings, random);
  const x = new Float64Array(rows * columns);
  const y = new Int32Array(rows);
  writeColumns(x, columns, 0, random.randn(rows, informative), informative);

  let start = 0;
  rowsOfCluster.forEach((count, cluster) => {
    const mix = random.uniform(0, 1, informative * informative).map((value) => 2 * value - 1);
    const centroid = centroids.subarray(cluster * informative, (cluster + 1) * informative);
    const points = multiplyRows(x, columns, start, start + count, mix, informative, informative);
    for (let i = 0; i < points.length; i++) points[i] += centroid[i % informative];
    writeColumns(x, columns, start * columns, points, informative);
    y.fill(cluster % classes, start, start + count);
    start += count;
  });

  if (redundant > 0) {
    const mix = random.uniform(0, 1, informative * redundant).map((value) => 2 * value - 1);
    const sums = multiplyRows(x, columns, 0, rows, mix, informative, redundant);
    writeColumns(x, columns, informative, sums, redundant);
  }
  const original = informative + redundant;
  if (repeated > 0) {
    const sources = random.uniform(0, 1, repeated).map((u) => Math.floor((original - 1) * u + 0.5));
    for (let row = 0; row < rows; row++) {
      sources.forEach((source, i) => {
        x[row * columns + original + i] = x[row * columns + source];
      });
    }
  }
  const useless = columns - original - repeated;
  if (useless > 0) {
    writeColumns(x, columns, columns - useless, random.randn(rows, useless), useless);
  }

  flipLabels(y, settings, random);
  const shift = perColumn("shift", settings.shift, columns, () =>
    random.uniform(0, 1, columns).map((u) => (2 * u - 1) * settings.classSep),
  );
  const scale = perColumn("scale", settings.scale, columns, () =>
    random.uniform(0, 1, columns).map((u) => 1 + 100 * u),
  );
  for (let i = 0; i < x.length; i++) x[i] = (x[i] + shift[i % columns]) * scale[i % columns];

  const data = { x, y, rows, columns };
  return settings.shuffle ? shuffleColumns(shuffleRows(data, random), random) : data;
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: MakeClassificationOptions) {
  const settings = {
    rows: options.rows ?? 100,
    columns: options.columns ?? 20,
    informative: options.informative ?? 2,
    redundant: options.redundant ?? 2,
    repeated: options.repeated ?? 0,
    classes: options.classes ?? 2,
    clustersPerClass: options.clustersPerClass ?? 2,
    weights: options.weights,
    flipY: options.flipY ?? 0.01,
    classSep: options.classSep ?? 1,
    hypercube: options.hypercube ?? true,
    shift: options.shift === undefined ? 0 : options.shift,
    scale: options.scale === undefined ? 1 : options.scale,
    shuffle: options.shuffle ?? true,
  };
  checkRowCount("rows", settings.rows);
  checkInteger("columns", settings.columns, 1);
  checkInteger("informative", settings.informative, 1);
  checkInteger("redundant", settings.redundant, 0);
  checkInteger("repeated", settings.repeated, 0);
  checkInteger("classes", settings.classes, 1);
  checkInteger("clustersPerClass", settings.clustersPerClass, 1);
  if (!(settings.flipY >= 0 && settings.flipY <= 1)) {
    throw new NumpyError(
      "GENERATOR_VALUE",
      `flipY is ${settings.flipY}; use a share of the rows from 0 to 1.`,
    );
  }
  const { columns, informative, redundant, repeated, classes, clustersPerClass } = settings;
  if (informative + redundant + repeated > columns) {
    throw new NumpyError(
      "GENERATOR_COLUMNS",
      `informative ${informative}, redundant ${redundant} and repeated ${repeated} make more than columns ${columns}; set columns to ${informative + redundant + repeated} or more.`,
    );
  }
  if (classes * clustersPerClass > 2 ** informative) {
    throw new NumpyError(
      "GENERATOR_CLASSES",
      `${classes} classes of ${clustersPerClass} clusters do not fit on the ${2 ** informative} corners of ${informative} informative features; set informative to ${Math.ceil(Math.log2(classes * clustersPerClass))} or more.`,
    );
  }
  return settings;
}

function checkInteger(name: string, value: number, smallest: number): void {
  if (!Number.isInteger(value) || value < smallest) {
    throw new NumpyError(
      "GENERATOR_VALUE",
      `${name} is ${value}; use an integer of at least ${smallest}.`,
    );
  }
}

/** Rows by weight, rounded down; the rows left over go one each to the first clusters. */
function rowsPerCluster({ rows, classes, clustersPerClass, weights }: Settings): number[] {
  const shares = classShares(weights, classes);
  const counts = Array.from({ length: classes * clustersPerClass }, (_, cluster) =>
    Math.trunc((rows * shares[cluster % classes]) / clustersPerClass),
  );
  const leftOver = rows - counts.reduce((sum, count) => sum + count, 0);
  if (leftOver < 0 || counts.some((count) => !(count >= 0))) {
    throw new NumpyError(
      "GENERATOR_WEIGHTS",
      `weights are ${shares.join(", ")}; use shares of at least 0 with a sum of at most 1.`,
    );
  }
  for (let i = 0; i < leftOver; i++) counts[i % counts.length]++;
  return counts;
}

function classShares(weights: readonly number[] | undefined, classes: number): number[] {
  if (weights === undefined) return new Array(classes).fill(1 / classes);
  if (weights.length === classes) return [...weights];
  if (weights.length !== classes - 1) {
    throw new NumpyError(
      "GENERATOR_WEIGHTS",
      `weights has ${weights.length} entries for ${classes} classes; give ${classes} or ${classes - 1}.`,
    );
  }
  return [...weights, 1 - weights.reduce((sum, weight) => sum + weight, 0)];
}

/** The centers, (clusters, informative): distinct corners of a hypercube of edge 2 * classSep. */
function clusterCentroids(settings: Settings, random: RandomState): Float64Array {
  const { classes, clustersPerClass, informative, classSep, hypercube } = settings;
  const clusters = classes * clustersPerClass;
  const corners = hypercubeCorners(clusters, informative, random);
  const centroids = corners.map((bit) => bit * (2 * classSep) - classSep);
  if (hypercube) return centroids;
  const perCluster = random.uniform(0, 1, clusters);
  const perFeature = random.uniform(0, 1, informative);
  return centroids.map(
    (value, i) => value * perCluster[Math.floor(i / informative)] * perFeature[i % informative],
  );
}

/** `count` different corners as rows of 0 and 1; beyond 30 dimensions the first bits are free. */
function hypercubeCorners(count: number, dimensions: number, random: RandomState): Float64Array {
  const corners = new Float64Array(count * dimensions);
  const free = Math.max(0, dimensions - 30);
  writeColumns(corners, dimensions, 0, random.randint(0, 2, count * free), free);
  const numbers = sampleWithoutReplacement(2 ** (dimensions - free), count, random);
  numbers.forEach((number, row) => {
    for (let column = free; column < dimensions; column++) {
      corners[row * dimensions + column] = (number >>> (dimensions - 1 - column)) & 1;
    }
  });
  return corners;
}

/** Rows `start` to `end - 1` of the first `inputs` columns of x, times the (inputs, outputs) matrix. */
function multiplyRows(
  x: Float64Array,
  columns: number,
  start: number,
  end: number,
  matrix: Float64Array,
  inputs: number,
  outputs: number,
): Float64Array {
  const product = new Float64Array((end - start) * outputs);
  for (let row = start; row < end; row++) {
    for (let j = 0; j < outputs; j++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += x[row * columns + i] * matrix[i * outputs + j];
      product[(row - start) * outputs + j] = sum;
    }
  }
  return product;
}

/** Copies rows of `width` values into x (rows of `columns` values), from element `offset` on. */
function writeColumns(
  x: Float64Array,
  columns: number,
  offset: number,
  values: Float64Array,
  width: number,
): void {
  for (let i = 0; i < values.length; i++) {
    x[offset + Math.floor(i / width) * columns + (i % width)] = values[i];
  }
}

function flipLabels(y: Int32Array, { flipY, classes }: Settings, random: RandomState): void {
  const flipped = [...random.uniform(0, 1, y.length).entries()].filter(([, u]) => u < flipY);
  const labels = random.randint(0, classes, flipped.length);
  flipped.forEach(([row], i) => {
    y[row] = labels[i];
  });
}

function perColumn(
  name: string,
  value: number | readonly number[] | null,
  columns: number,
  drawn: () => Float64Array,
): Float64Array {
  if (value === null) return drawn();
  if (typeof value === "number") return new Float64Array(columns).fill(value);
  if (value.length !== columns) {
    throw new NumpyError(
      "GENERATOR_COLUMNS",
      `${name} has ${value.length} entries for ${columns} columns; give one number or one per column.`,
    );
  }
  return Float64Array.from(value);
}

function shuffleColumns(data: GeneratedData, random: RandomState): GeneratedData {
  const { rows, columns } = data;
  const order = random.permutation(columns);
  const x = data.x.map((_, i) => data.x[i - (i % columns) + order[i % columns]]);
  return { x, y: data.y, rows, columns };
}
