import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const labels = normalRows(240).map((_, i) => i % 3);
const head = (units: number, activation: "sigmoid" | "softmax") => [
  { units: 8, activation: "relu" as const },
  { units, activation },
];
const SPARSE = { loss: "sparseCategoricalCrossentropy" };
const CATEGORICAL = { loss: "categoricalCrossentropy" };

test.each([
  [
    "one sigmoid for three classes",
    { labels, layers: head(1, "sigmoid") },
    `error at model.layers[1]: One output for 3 classes is trained towards the number of the class, 0 to 2; it can only answer "0" or "1".`,
  ],
  [
    "two outputs for three classes",
    { labels, layers: head(2, "softmax"), train: SPARSE },
    "error at model.layers[1]: units is 2 but the labels have 3 classes; set units to 3. Keras stops here on a CPU and reads past the outputs on a GPU.",
  ],
  [
    "one output with a sparse loss",
    { layers: head(1, "sigmoid"), train: SPARSE },
    "error at model.layers[1]: units is 1, so sparseCategoricalCrossentropy knows no class 1; set units to 2, or use binaryCrossentropy with sigmoid. Keras stops here on a CPU and reads past the outputs on a GPU.",
  ],
  [
    "one output with a categorical loss",
    { layers: head(1, "sigmoid"), train: CATEGORICAL },
    "error at model.layers[1]: categoricalCrossentropy over one output compares the output with its own sum: the loss is 0 whatever it answers, and nothing is learned.",
  ],
])("%s is an error that the right head mends", (_, change, line) => {
  expect(lintLines("head-units", change)).toEqual([line]);
  expect(afterInterventions("head-units", change)).toEqual({ "fit-head": [] });
});

test("outputs that belong to no class are a note", () => {
  const change = { labels, layers: head(4, "softmax"), train: SPARSE };
  expect(lintLines("head-units", change)).toEqual([
    "note at model.layers[1]: 1 of 4 outputs belong to no class.",
  ]);
});

test.each([
  ["one sigmoid for two classes", {}],
  ["two softmax outputs for two classes", { layers: head(2, "softmax"), train: SPARSE }],
  ["three for three", { labels, layers: head(3, "softmax"), train: CATEGORICAL }],
])("%s is as it should be", (_, change) => {
  expect(lintLines("head-units", change)).toEqual([]);
});
