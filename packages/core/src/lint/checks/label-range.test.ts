import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const rows = normalRows(240);
const three = rows.map((_, i) => 1 + (i % 3));
const layers = [
  { units: 8, activation: "relu" as const },
  { units: 4, activation: "softmax" as const },
];
const train = { loss: "sparseCategoricalCrossentropy" };

test("labels 1 to 3 are numbered by themselves here, and Keras would not", () => {
  expect(lintLines("label-range", { rows, labels: three, layers, train })).toEqual([
    "note at data.source.labels: Labels run from 1 to 3; they are numbered 0 to 2 here, but Keras would take them as they are, out of range for sparseCategoricalCrossentropy.",
  ]);
});

test("read as indices they leave index 0 without a row", () => {
  const change = { rows, labels: three, layers, train, data: { labels: "indices" } };
  expect(lintLines("label-range", change)).toEqual([
    "warning at data.labels: Labels are read as indices, and no row has the label 0: the labels do not count from 0 without gaps.",
  ]);
  expect(Object.keys(afterInterventions("label-range", change))).toEqual(["number-classes"]);
});

test("labels from 0, and names, are as they should be", () => {
  for (const labels of [three.map((label) => label - 1), three.map((label) => "abc"[label - 1])]) {
    expect(lintLines("label-range", { rows, labels, layers, train })).toEqual([]);
  }
});
