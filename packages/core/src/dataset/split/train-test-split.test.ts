/// <reference types="node" />
import { createHash } from "node:crypto";
import numpy from "@convergence-lab/test-fixtures/reference/numpy.json" with { type: "json" };
import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-splits.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import { RandomState } from "../numpy/random-state.ts";
import type { Labels } from "./classes.ts";
import { type TrainTestSplitOptions, trainTestSplit } from "./train-test-split.ts";

describe.each([
  ["2", numpy.article_example_2],
  ["3", numpy.article_example_3],
])("data of article example %s", (_, expected) => {
  const { rows, features } = expected;
  const random = new RandomState(expected.seed);
  const x = Float32Array.from(random.rand(rows, features));
  const y = Int32Array.from(random.randint(0, 2, rows));
  const { train, test: held } = trainTestSplit(rows, {
    testSize: expected.testSize,
    seed: expected.splitSeed,
  });
  const xTrain = takeRows(x, train, features);
  const xTest = takeRows(x, held, features);
  const yTrain = takeRows(y, train, 1);
  const yTest = takeRows(y, held, 1);

  test("first values", () => {
    expect([...x.subarray(0, features)]).toEqual(expected.X_first_row);
    expect([...y.subarray(0, 20)]).toEqual(expected.y_first_20);
    expect(y.reduce((sum, label) => sum + label)).toBe(expected.y_sum);
    expect([...xTrain.subarray(0, features)]).toEqual(expected.X_train_first_row);
    expect([...yTrain.subarray(0, 20)]).toEqual(expected.y_train_first_20);
    expect([...xTest.subarray(0, features)]).toEqual(expected.X_test_first_row);
    expect([...yTest.subarray(0, 20)]).toEqual(expected.y_test_first_20);
  });

  test("digests", () => {
    expect({
      X_f32: sha256(x),
      y_i32: sha256(y),
      X_train_f32: sha256(xTrain),
      X_test_f32: sha256(xTest),
      y_train_i32: sha256(yTrain),
      y_test_i32: sha256(yTest),
    }).toEqual(expected.sha256_little_endian);
  });
});

test.each(sklearn.train_test_split)("rows of scikit-learn: %j", (given) => {
  const split = trainTestSplit(given.rows, optionsOf(given));
  expect([...split.train]).toEqual(given.train);
  expect([...split.test]).toEqual(given.test);
});

test.each(sklearn.train_test_split_long)("digests of scikit-learn: %j", (given) => {
  const split = trainTestSplit(given.rows, optionsOf(given));
  expect(sha256(split.train)).toBe(given.train_sha256);
  expect(sha256(split.test)).toBe(given.test_sha256);
});

test("a generator goes on from where it stands", () => {
  const random = new RandomState(1);
  const first = trainTestSplit(30, { seed: random });
  const second = trainTestSplit(30, { seed: random });
  expect(first).toEqual(trainTestSplit(30, { seed: 1 }));
  expect(second).not.toEqual(first);
});

test.each<[number, TrainTestSplitOptions, string, string]>([
  [0, { seed: 1 }, "SPLIT_ROWS", "there are 0 rows to split; give at least 1."],
  [
    9,
    {},
    "SPLIT_SEED_MISSING",
    "the split is shuffled but has no seed; set seed, or set shuffle to false.",
  ],
  [
    5,
    { testSize: 5, seed: 1 },
    "SPLIT_SIZE",
    "testSize is 5 for 5 rows; use a share between 0 and 1 or a number of rows from 1 to 4.",
  ],
  [
    5,
    { testSize: 1.5, seed: 1 },
    "SPLIT_SIZE",
    "testSize is 1.5 for 5 rows; use a share between 0 and 1 or a number of rows from 1 to 4.",
  ],
  [
    10,
    { testSize: 0.5, trainSize: 6, seed: 1 },
    "SPLIT_SIZE",
    "testSize 0.5 and trainSize 6 ask for 5 and 6 of 10 rows; make one of them smaller.",
  ],
  [
    1,
    { seed: 1 },
    "SPLIT_SIZE",
    "testSize 0.25 leaves none of 1 rows to train on; make testSize smaller or add rows.",
  ],
  [
    4,
    { seed: 1, stratify: [0, 0, 0] },
    "SPLIT_LABELS",
    "stratify has 3 labels for 4 rows; give one label per row.",
  ],
  [
    3,
    { seed: 1, stratify: [0, Number.NaN, 0] },
    "SPLIT_LABELS",
    "the label of row 1 is NaN; drop the row or give it a label.",
  ],
  [
    3,
    { seed: 1, stratify: ["a", 1, "b"] as unknown as Labels },
    "SPLIT_LABELS",
    "the label of row 1 is a number but that of row 0 is a string; use one type for all labels.",
  ],
  [
    4,
    { stratify: [0, 0, 1, 1], shuffle: false },
    "SPLIT_LABELS",
    "a stratified split is always shuffled; leave out stratify, or set shuffle to true.",
  ],
  [
    5,
    { seed: 1, stratify: [0, 0, 1, 0, 0] },
    "SPLIT_CLASS_TOO_SMALL",
    "the smallest class has 1 row and stratify needs 2; add rows of it or leave out stratify.",
  ],
  [
    6,
    { seed: 1, testSize: 2, stratify: [0, 0, 1, 1, 2, 2] },
    "SPLIT_CLASS_TOO_SMALL",
    "the test part has 2 rows for 3 classes; give it at least one row per class or leave out stratify.",
  ],
])("%i rows with %o: %s", (rows, options, code, message) => {
  expect(() => trainTestSplit(rows, options)).toThrow(expect.objectContaining({ code, message }));
});

interface ReferenceCase {
  rows: number;
  labels: string | null;
  test_size?: number;
  train_size?: number;
  random_state?: number;
  shuffle?: boolean;
}

function optionsOf(given: ReferenceCase): TrainTestSplitOptions {
  return {
    testSize: given.test_size,
    trainSize: given.train_size,
    seed: given.random_state,
    shuffle: given.shuffle,
    stratify: given.labels === null ? undefined : labelsOf(given.labels, given.rows),
  };
}

/** The reference stores one period of each column of labels. */
function labelsOf(kind: string, rows: number): Labels {
  const period = sklearn.labels[kind as keyof typeof sklearn.labels];
  return Array.from({ length: rows }, (_, i) => period[i % period.length]) as string[];
}

function takeRows<Values extends Float32Array | Int32Array>(
  values: Values,
  rows: Int32Array,
  columns: number,
): Values {
  const taken = values.slice(0, rows.length * columns) as Values;
  rows.forEach((row, i) => {
    taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return taken;
}

function sha256(values: Float32Array | Int32Array): string {
  return createHash("sha256").update(values).digest("hex");
}
