// Makes the dataset that a spec describes: draw or take the rows, split them, fit the
// preprocessing on the training part only, and round to float32 once, at the end.

import { contentHash } from "../shared/content-hash.ts";
import { isClassIndex, noIndexText } from "../spec/inline-data-problems.ts";
import type { DataSpec } from "../spec/spec.ts";
import { badData, drawing } from "./bad-data.ts";
import { cleanTable } from "./clean-table.ts";
import type { Dataset, Part } from "./dataset.ts";
import { labelRunsOf } from "./label-runs.ts";
import { RandomState } from "./numpy/random-state.ts";
import { oversampled } from "./oversample.ts";
import { type Matrix, preprocess } from "./preprocess/preprocess.ts";
import { mergedClasses, shuffled } from "./reordered-table.ts";
import { foldCount, splitRows } from "./split-rows.ts";
import { type Table, type Tables, tableKey } from "./table.ts";

/** Equal keys mean equal data, so a dataset is made once however many runs use it. */
export function datasetKey(data: DataSpec, dataSeed: number): string {
  return contentHash({ data, dataSeed: dataVaries(data) ? dataSeed : 0 }).slice(0, 16);
}

/** Whether another data seed gives other data: rows that are drawn, or a split that is. */
export function dataVaries(data: DataSpec): boolean {
  const { source, split, shuffle, oversample } = data;
  return [split, shuffle, oversample].some((part) => part !== undefined) || source.kind === "numpy";
}

/**
 * @param dataSeed Offset added to the seeds of the generator and of the split; 0 is the data as
 *   the spec writes it. Of a cross-validation: the fold.
 * @param tables Those that the source may name.
 * @throws SpecError (SPEC_BAD_DATA) when the data cannot be trained on, for instance one class only.
 */
export function loadDataset(data: DataSpec, dataSeed = 0, tables: Tables = new Map()): Dataset {
  // The folds of a cross-validation divide the same rows.
  const rowSeed = foldCount(data) > 0 ? 0 : dataSeed;
  const drawn = drawing("source", () => drawTable(data.source, rowSeed, tables));
  const table = shuffled(mergedClasses(cleanTable(drawn, data), data), data, rowSeed);
  const notIndex =
    data.labels === "indices" ? table.labels.find((each) => !isClassIndex(each)) : undefined;
  if (notIndex !== undefined) throw badData(["source", "labels"], noIndexText(notIndex));
  const classes = classNames(table.labels, data.labels === "indices");
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const y = Float32Array.from(table.labels, (label) => indexOf.get(String(label))!);
  if (y.every((label) => label === y[0])) {
    const rows = table.rows === 1 ? "the one row" : `all ${table.rows} rows`;
    const seed = dataSeed === 0 ? "" : ` with data seed ${dataSeed}`;
    throw badData(
      ["source", "labels"],
      `are "${table.labels[0]}" in ${rows}${seed}; with one class there is nothing to tell apart, draw more rows or take another seed.`,
    );
  }
  const split = drawing("split", () => splitRows(data, table, y, dataSeed));
  const matrix = preprocess(table, data, split);
  const { columns } = matrix;
  const { oversample } = data;
  const train =
    oversample === undefined
      ? split.train
      : oversampled(split.train, y, (oversample.randomState + dataSeed) >>> 0);
  const copies = train.length - split.train.length;
  const takeRows = partOf(matrix, y, table);
  return {
    key: datasetKey(data, dataSeed),
    columns,
    classes,
    labelRuns: labelRunsOf(y),
    train: { ...takeRows(train), ...(copies === 0 ? {} : { copies }) },
    test: takeRows(split.test),
  };
}

/** @throws SpecError when the source names a table that is not there. */
export function drawTable(source: DataSpec["source"], dataSeed: number, tables: Tables): Table {
  if (source.kind === "table") {
    const table = tables.get(tableKey(source));
    if (table !== undefined) return table;
    throw badData(
      ["source", "path"],
      `is ${source.path}, which was not read; pass the table along.`,
    );
  }
  if (source.kind === "inline") {
    const columns = source.columns ?? source.rows[0].map((_, j) => `x${j}`);
    const x = Float64Array.from(source.rows.flat(), (value) => value ?? Number.NaN);
    const { labels, sampleWeight, groups } = source;
    const weights = sampleWeight && { sampleWeight: sampleWeight.map(Number) };
    return { rows: source.rows.length, columns, x, labels, ...weights, ...(groups && { groups }) };
  }
  const random = new RandomState((source.seed + dataSeed) >>> 0);
  const { rows, columns, x } = drawFeatures(random, source.features);
  const { low, high, size } = source.labels.randint;
  const labels = Array.from(random.randint(low, high, size), Number);
  return { rows, columns: Array.from({ length: columns }, (_, j) => `x${j}`), x, labels };
}

type NumpyFeatures = Extract<DataSpec["source"], { kind: "numpy" }>["features"];

function drawFeatures(random: RandomState, features: NumpyFeatures) {
  if ("rand" in features) {
    const [rows, columns] = features.rand;
    return { rows, columns, x: random.rand(rows, columns) };
  }
  if ("randn" in features) {
    const [rows, columns] = features.randn;
    return { rows, columns, x: random.randn(rows, columns) };
  }
  const { low, high, size } = features.uniform;
  return { rows: size[0], columns: size[1], x: random.uniform(low, high, size[0] * size[1]) };
}

/**
 * Numbers in numeric order, then names in code-unit order, as NumPy's `unique` sorts them. Where
 * labels are indices, every index up to the largest is a class, with or without rows.
 */
function classNames(labels: readonly (string | number)[], areIndices: boolean): string[] {
  if (areIndices) {
    const largest = labels.reduce<number>((most, label) => Math.max(most, Number(label)), 0);
    return Array.from({ length: largest + 1 }, (_, index) => String(index));
  }
  const unique = [...new Set(labels.map(String))];
  const numeric = unique.every((name) => name.trim() !== "" && Number.isFinite(Number(name)));
  return numeric ? unique.sort((a, b) => Number(a) - Number(b)) : unique.sort();
}

function partOf({ columns, x }: Matrix, y: Float32Array, { sampleWeight, groups }: Table) {
  const width = columns.length;
  const group = groups && numbered(groups);
  return (rows: Int32Array): Part => {
    const taken = { rows: rows.length, x: new Float32Array(rows.length * width) };
    rows.forEach((row, i) => {
      taken.x.set(x.subarray(row * width, (row + 1) * width), i * width);
    });
    const pick = (values: ArrayLike<number>) => Float32Array.from(rows, (row) => values[row]);
    return {
      ...taken,
      y: pick(y),
      ...(sampleWeight ? { sampleWeight: pick(sampleWeight) } : {}),
      ...(group ? { group: Int32Array.from(rows, (row) => group[row]) } : {}),
    };
  };
}

/** The place of each name among the names, in the order of their first rows. */
function numbered(names: readonly (string | number)[]): number[] {
  const places = new Map<string, number>();
  return names.map((name) => {
    const place = places.get(String(name)) ?? places.size;
    places.set(String(name), place);
    return place;
  });
}
