import { describe, expect, test } from "vitest";
import sklearn from "../../../../test-fixtures/reference/sklearn-groups.json" with { type: "json" };
import { parseSpec } from "../spec/parse-spec.ts";
import { loadDataset } from "./load-dataset.ts";

function specData(source: object, split: object) {
  return parseSpec({
    name: "t",
    data: { source: { kind: "inline", ...source }, split },
    model: { layers: [{ units: 3, activation: "softmax" }] },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 1 },
  }).data;
}

/** Rows whose one feature is their number. */
function sourceOf(rows: number, labels?: readonly number[], groups?: readonly (string | number)[]) {
  return {
    rows: Array.from({ length: rows }, (_, i) => [i]),
    labels: labels ?? Array.from({ length: rows }, (_, i) => i % 2),
    ...(groups ? { groups } : {}),
  };
}

function tested(source: object, split: object, dataSeed: number): number[] {
  const { train, test } = loadDataset(specData(source, split), dataSeed);
  expect(train.rows + test.rows).toBe((source as { rows: unknown[] }).rows.length);
  return [...test.x];
}

test.each(sklearn.groupKFold)("GroupKFold, $folds folds of $groups", ({ groups, folds, test }) => {
  const of = sklearn.groups[groups as keyof typeof sklearn.groups];
  test.forEach((rows, fold) => {
    expect(tested(sourceOf(of.length, undefined, of), { folds }, fold)).toEqual(rows);
  });
});

test.each(sklearn.groupShuffleSplit)(
  "GroupShuffleSplit, $testSize of $groups, seed $seed",
  ({ groups, testSize, seed, test }) => {
    const of = sklearn.groups[groups as keyof typeof sklearn.groups];
    const split = { testSize, randomState: seed };
    expect(tested(sourceOf(of.length, undefined, of), split, 0)).toEqual(test);
  },
);

describe.each([
  ["RepeatedKFold", false, sklearn.repeatedKFold],
  ["RepeatedStratifiedKFold", true, sklearn.repeatedStratifiedKFold],
] as const)("%s", (_, stratify, cases) => {
  test.each(cases)("$folds folds, $repeats times, seed $seed", ({ folds, repeats, seed, test }) => {
    const source = sourceOf(sklearn.labels.length, sklearn.labels);
    const split = { folds, repeats, stratify, randomState: seed };
    test.forEach((rows, fold) => {
      expect(tested(source, split, fold)).toEqual(rows);
    });
  });
});

test("folds divide the rows of one draw, whatever is drawn", () => {
  const { data } = parseSpec({
    name: "t",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [12, 1] },
        labels: { randint: { low: 0, high: 2, size: 12 } },
      },
      shuffle: { randomState: 1 },
      split: { folds: 4 },
    },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  });
  const folds = [0, 1, 2, 3].map((fold) => loadDataset(data, fold));
  const once = folds.flatMap(({ test: held }) => [...held.x]).sort();
  expect(new Set(once).size).toBe(12);
  expect([...folds[0].train.x, ...folds[0].test.x].sort()).toEqual(once);
});

test("an inner split keeps groups together too", () => {
  const groups = Array.from({ length: 24 }, (_, i) => `p${i % 8}`);
  const split = { testSize: 2, inner: { testSize: 0.34 } };
  const { train, test: held } = loadDataset(specData(sourceOf(24, undefined, groups), split));
  const groupsOf = (x: Float32Array) => new Set(Array.from(x, (row) => groups[row]));
  expect([...groupsOf(train.x)].filter((group) => groupsOf(held.x).has(group))).toEqual([]);
  expect(train.rows + held.rows).toBe(18);
});

test.each([
  [{ stratify: true }, "data.split.stratify: asks for equal shares of the classes"],
  [{ shuffle: false }, "data.split.shuffle: is false, and groups are dealt out by their size"],
  [{ folds: 2, repeats: 3 }, "data.split.repeats: is 3, and groups are dealt out"],
  [{ folds: 9 }, "folds is 9 for 2 groups; use an integer from 2 to the number of groups"],
  [{ testSize: 5 }, "groups"],
])("%j with groups is a mistake", (split, message) => {
  const source = sourceOf(4, undefined, ["a", "a", "b", "b"]);
  expect(() => loadDataset(specData(source, split))).toThrow(message);
});

test("groups are one per row", () => {
  expect(() => specData(sourceOf(3, [0, 1, 0], ["a"]), {})).toThrow(
    "data.source.groups: has 1 groups for 3 rows; give one per row.",
  );
});
