/// <reference types="node" />
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import reference from "../../../../test-fixtures/reference/numpy.json" with { type: "json" };
import type { DataSpec } from "../spec/spec.ts";
import { loadDataset } from "./load-dataset.ts";

function article(rows: number, columns: number): DataSpec {
  return {
    source: {
      kind: "numpy",
      seed: 42,
      features: { rand: [rows, columns] },
      labels: { randint: { low: 0, high: 2, size: rows } },
    },
    split: { testSize: 0.2, randomState: 42, stratify: false },
    preprocess: [],
  };
}

function digest(values: Float32Array | Int32Array): string {
  return createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
}

test.each([
  [2, reference.article_example_2],
  [3, reference.article_example_3],
] as const)("the article's example %i is NumPy's, bit for bit", (_, example) => {
  const { train, test } = loadDataset(article(example.rows, example.features));
  const digests = example.sha256_little_endian;
  expect(digest(train.x)).toBe(digests.X_train_f32);
  expect(digest(test.x)).toBe(digests.X_test_f32);
  expect(digest(Int32Array.from(train.y))).toBe(digests.y_train_i32);
  expect(digest(Int32Array.from(test.y))).toBe(digests.y_test_i32);
});

test("another data seed is other rows and another split", () => {
  const [first, second] = [0, 1].map((seed) => loadDataset(article(50, 3), seed));
  expect(first.key).not.toBe(second.key);
  expect(first.train.x).not.toEqual(second.train.x);
});

function inline(rows: number[][], labels: (string | number)[], rest: Partial<DataSpec> = {}) {
  return { source: { kind: "inline", rows, labels }, preprocess: [], ...rest } satisfies DataSpec;
}

test("the data seed means nothing to rows that stand in the spec", () => {
  const data = inline([[1], [2]], ["no", "yes"]);
  expect(loadDataset(data, 3)).toEqual(loadDataset(data, 0));
});

test("class names are sorted as numbers when all are numbers", () => {
  expect(loadDataset(inline([[1], [2], [3]], [10, 9, 10])).classes).toEqual(["9", "10"]);
  expect(loadDataset(inline([[1], [2], [3]], ["b", "a", "B"])).classes).toEqual(["B", "a", "b"]);
});

test("standardization is fitted on the training part only", () => {
  const rows = Array.from({ length: 20 }, (_, i) => [i, 7]);
  const labels = rows.map((_, i) => i % 2);
  const split = { testSize: 0.25, randomState: 1, stratify: false };
  const { train, test, columns } = loadDataset(
    inline(rows, labels, { preprocess: ["standardize"], split }),
  );
  const first = Array.from({ length: train.rows }, (_, i) => train.x[2 * i]);
  const mean = first.reduce((a, b) => a + b, 0) / first.length;
  expect(mean).toBeCloseTo(0, 6);
  const testMean = Array.from({ length: test.rows }, (_, i) => test.x[2 * i]).reduce(
    (a, b) => a + b,
    0,
  );
  expect(Math.abs(testMean)).toBeGreaterThan(1e-3);
  // A constant column is centred, not divided by zero.
  expect(train.x[1]).toBe(0);
  expect(columns[1]).toMatchObject({ min: 7, max: 7, sd: 0 });
});

test("minMax maps the training part onto 0 to 1", () => {
  const { train } = loadDataset(inline([[2], [4], [6]], [0, 1, 1], { preprocess: ["minMax"] }));
  expect([...train.x]).toEqual([0, 0.5, 1]);
});

test("one class by the luck of the draw is an error that says so", () => {
  const data = article(1, 2);
  delete data.split;
  expect(() => loadDataset(data, 3)).toThrow(
    /^data\.source\.labels: are "\d" in the one row with data seed 3; .*take another seed\.$/,
  );
});

test("data that cannot be drawn or split is a problem at its place in the spec", () => {
  const unsplittable = {
    ...article(10, 2),
    split: { testSize: 0.99, randomState: 1, stratify: false },
  };
  expect(() => loadDataset(unsplittable)).toThrow(
    /^data\.split: cannot be carried out: testSize 0\.99 leaves none of 10 rows/,
  );
  expect(() => loadDataset(article(2 ** 30, 4))).toThrow(
    /^data\.source: cannot be carried out: the number of values is 4294967296/,
  );
});

test("weights stay with their rows through split and preprocessing", () => {
  const rows = Array.from({ length: 20 }, (_, i) => [i]);
  const sampleWeight = rows.map(([x]) => x / 2);
  const source = { kind: "inline" as const, rows, labels: rows.map(([x]) => x % 2), sampleWeight };
  const split = { testSize: 0.25, randomState: 1, stratify: false };
  const plain = loadDataset({ source, split, preprocess: [] });
  for (const part of [plain.train, plain.test]) {
    expect(part.sampleWeight).toEqual(part.x.map((x) => x / 2));
  }
  const scaled = loadDataset({ source, split, preprocess: ["minMax"] });
  expect(scaled.train.sampleWeight).toEqual(plain.train.sampleWeight);
  expect(loadDataset(inline(rows, source.labels)).train).not.toHaveProperty("sampleWeight");
});

const gaps = inline([[1], [Number.NaN], [4], [7]], [0, 1, 0, 1]);

test.each([
  ["imputeMean", [1, 4, 4, 7]],
  ["imputeMedian", [1, 4, 4, 7]],
  ["minMax", [0, Number.NaN, 0.5, 1]],
  ["standardize", [-Math.sqrt(1.5), Number.NaN, 0, Math.sqrt(1.5)]],
  ["signedLog", [Math.log(2), Number.NaN, Math.log(5), Math.log(8)]],
] as const)("%s leaves missing values out of its fit", (step, expected) => {
  const { train, columns } = loadDataset({ ...gaps, preprocess: [step] });
  expect([...train.x]).toEqual(expected.map(Math.fround));
  expect(columns[0]).toMatchObject({ missing: 1, min: 1, max: 7, mean: 4 });
});

test("a number can stand for a missing value, and a column can be left out", () => {
  const data = inline(
    [
      [1, -999],
      [2, 5],
      [3, 7],
    ],
    [0, 1, 0],
  );
  const { columns, train } = loadDataset({ ...data, missingValues: [-999], drop: ["x0"] });
  expect(columns).toMatchObject([{ name: "x1", missing: 1, min: 5 }]);
  expect([...train.x]).toEqual([Number.NaN, 5, 7]);
  expect(() => loadDataset({ ...data, drop: ["x2"] })).toThrow(`data.drop: names "x2"`);
  expect(() => loadDataset({ ...data, drop: ["x0", "x1"] })).toThrow("leaves no column");
});

test("labels that are indices have the classes that Keras has", () => {
  const { classes, train } = loadDataset(inline([[1], [2], [3]], [1, 3, 1], { labels: "indices" }));
  expect(classes).toEqual(["0", "1", "2", "3"]);
  expect([...train.y]).toEqual([1, 3, 1]);
});

test("a split without shuffling takes the tail, and the order of the labels is a fact", () => {
  const rows = [[1], [2], [3], [4]];
  const split = { testSize: 0.5, randomState: 0, stratify: false, shuffle: false };
  const sorted = loadDataset(inline(rows, ["a", "a", "b", "b"], { split }));
  expect([[...sorted.train.y], [...sorted.test.y], sorted.labelRuns]).toEqual([[0, 0], [1, 1], 2]);
  expect(loadDataset(inline(rows, ["a", "b", "a", "b"], { split })).labelRuns).toBe(4);
});

test("the mistakes of fitting on the test part can be made on purpose", () => {
  const split = { testSize: 0.5, randomState: 0, stratify: false, shuffle: false };
  const data = inline([[0], [2], [10], [30]], [0, 1, 0, 1], { split, preprocess: ["minMax"] });
  const all = loadDataset({ ...data, fitOn: "all" });
  expect([...all.train.x, ...all.test.x]).toEqual([0, 2 / 30, 10 / 30, 1].map(Math.fround));
  const each = loadDataset({ ...data, fitOn: "each" });
  expect([...each.train.x, ...each.test.x]).toEqual([0, 1, 0, 1]);
});
