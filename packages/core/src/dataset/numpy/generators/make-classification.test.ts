import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-generators.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { makeClassification } from "./make-classification.ts";

const cases = sklearn.generators.filter((given) => given.function === "make_classification");

test.each(cases)("scikit-learn's make_classification of $options", ({ options, shape, x, y }) => {
  const data = makeClassification({
    rows: options.n_samples as number,
    columns: options.n_features,
    informative: options.n_informative,
    redundant: options.n_redundant,
    repeated: options.n_repeated,
    classes: options.n_classes,
    clustersPerClass: options.n_clusters_per_class,
    weights: options.weights,
    flipY: options.flip_y,
    classSep: options.class_sep,
    hypercube: options.hypercube,
    shift: options.shift,
    scale: options.scale,
    shuffle: options.shuffle,
    seed: options.random_state,
  });
  expect([data.rows, data.columns]).toEqual(shape);
  expect([...data.y]).toEqual(y);
  expect(largestDifference(data.x, x)).toBeLessThan(1e-12);
});

test.each([
  [
    { columns: 3 },
    "informative 2, redundant 2 and repeated 0 make more than columns 3; set columns to 4 or more.",
  ],
  [
    { classes: 3 },
    "3 classes of 2 clusters do not fit on the 4 corners of 2 informative features; set informative to 3 or more.",
  ],
  [
    { weights: [0.9, 0.3] },
    "weights are 0.9, 0.3; use shares of at least 0 with a sum of at most 1.",
  ],
  [{ weights: [1, 0, 0] }, "weights has 3 entries for 2 classes; give 2 or 1."],
  [{ shift: [1, 2] }, "shift has 2 entries for 20 columns; give one number or one per column."],
  [{ flipY: 2 }, "flipY is 2; use a share of the rows from 0 to 1."],
  [{ redundant: -1 }, "redundant is -1; use an integer of at least 0."],
])("%o is refused: %s", (options, message) => {
  expect(() => makeClassification({ ...options, seed: 0 })).toThrow(message);
});

function largestDifference(actual: Float64Array, expected: number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
}
