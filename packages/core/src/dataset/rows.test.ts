// What is done to whole rows: order, merged classes, copies of rare classes, balanced weights.

import { expect, test } from "vitest";
import sklearn from "../../../../test-fixtures/reference/sklearn-preprocessing.json" with {
  type: "json",
};
import { compile, loadDatasets } from "../compile/compile.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import type { DataSpec } from "../spec/spec.ts";
import { withoutCopies } from "./dataset.ts";
import { loadDataset } from "./load-dataset.ts";

function specOf(labels: readonly (string | number)[], data: object, train: object = {}) {
  const rows = labels.map((_, i) => [i]);
  return parseSpec({
    name: "t",
    data: { source: { kind: "inline", rows, labels: [...labels] }, ...data },
    model: { layers: [{ units: 3, activation: "softmax" }] },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 1, ...train },
  });
}

const dataOf = (labels: readonly (string | number)[], data: object): DataSpec =>
  specOf(labels, data).data;

test("shuffle brings rows and labels into scikit-learn's order before they are split", () => {
  const labels = Array.from({ length: 10 }, (_, i) => (i < 5 ? "a" : "b"));
  const { train, test: held } = loadDataset(
    dataOf(labels, {
      shuffle: { randomState: 3 },
      split: { testSize: 3, shuffle: false },
    }),
  );
  expect([...train.x, ...held.x]).toEqual(sklearn.shuffle);
  expect([...train.y, ...held.y]).toEqual(sklearn.shuffle.map((i) => Number(i >= 5)));
});

test("another data seed is another order", () => {
  const data = dataOf([0, 1, 0, 1, 0, 1, 0, 1], { shuffle: {} });
  expect(loadDataset(data, 1).train.x).not.toEqual(loadDataset(data, 0).train.x);
  expect(loadDataset(data, 1).key).not.toBe(loadDataset(data, 0).key);
});

test("oversampled rows are those of RandomOverSampler, behind the rows themselves", () => {
  const { labels, rows } = sklearn.oversample;
  const dataset = loadDataset(dataOf(labels, { oversample: { randomState: 4 } }));
  expect([...dataset.train.x]).toEqual(rows);
  expect([...dataset.train.y]).toEqual(rows.map((row) => labels[row]));
  expect(dataset.train.copies).toBe(rows.length - labels.length);
  expect([...withoutCopies(dataset).train.x]).toEqual(labels.map((_, i) => i));
});

test("copies are of training rows, and steps are fitted without them", () => {
  const labels = Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? "rare" : "often"));
  const split = { testSize: 4, randomState: 1 };
  const plain = loadDataset(dataOf(labels, { split, preprocess: ["minMax"] }));
  const copied = loadDataset(dataOf(labels, { split, preprocess: ["minMax"], oversample: {} }));
  expect(copied.test).toEqual(plain.test);
  expect(copied.train.x.subarray(0, 8)).toEqual(plain.train.x);
  const counts = [0, 1].map((label) => copied.train.y.filter((y) => y === label).length);
  expect(counts[0]).toBe(counts[1]);
});

test("labels become one class, and what no row has is named", () => {
  const labels = ["mild", "none", "severe", "none"];
  const mergeClasses = { ill: ["mild", "severe"] };
  const { classes, train } = loadDataset(dataOf(labels, { mergeClasses }));
  expect([classes, [...train.y]]).toEqual([
    ["ill", "none"],
    [0, 1, 0, 1],
  ]);
  expect(() => loadDataset(dataOf(labels, { mergeClasses: { ill: ["sever"] } }))).toThrow(
    'data.mergeClasses.ill: names the label "sever", which no row has. Did you mean "severe"?',
  );
  expect(() =>
    loadDataset(dataOf(labels, { mergeClasses: { ill: ["mild"], well: ["mild", "none"] } })),
  ).toThrow("which is in another class too");
});

test("balanced class weights are scikit-learn's, counted on the training part", () => {
  const { labels, weights } = sklearn.balanced;
  const spec = specOf(labels, {}, { classWeight: "balanced" });
  const [run] = compile(spec, loadDatasets(spec)).runs;
  expect(run.hyper.classWeight).toEqual(weights);
});
