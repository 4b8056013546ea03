import { describe, expect, test } from "vitest";
import sklearn from "../../../../../test-fixtures/reference/sklearn-preprocessing.json" with {
  type: "json",
};
import { parseSpec } from "../../spec/parse-spec.ts";
import type { DataSpec } from "../../spec/spec.ts";
import { loadDataset } from "../load-dataset.ts";

const { names, fitRows } = sklearn;
const rows = sklearn.gaps.length;
type Cells = (number | null)[][];

/** The reference's table, whose first rows are the training part, after some steps. */
function after(
  preprocess: readonly unknown[],
  { x = sklearn.gaps, ...rest }: { x?: Cells } & Partial<DataSpec> = {},
) {
  const { data } = parseSpec({
    name: "t",
    data: {
      source: { kind: "inline", rows: x, labels: x.map((_, i) => i % 2), columns: names },
      split: { testSize: rows - fitRows, shuffle: false },
      preprocess,
      ...rest,
    },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  });
  const { columns, train, test } = loadDataset(data);
  const width = columns.length;
  const cells = [...train.x, ...test.x];
  return {
    names: columns.map(({ name }) => name),
    columns,
    x: Array.from({ length: rows }, (_, i) => cells.slice(i * width, (i + 1) * width)),
  };
}

function expectCells(found: number[][], expected: Cells): void {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  found.forEach((row, i) => {
    row.forEach((value, j) => {
      const wanted = expected[i][j];
      if (wanted === null) expect(value, `row ${i}, column ${j}`).toBeNaN();
      else
        expect(
          Math.abs(value - wanted),
          `row ${i}, column ${j}: ${value}, ${wanted}`,
        ).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted)));
    });
  });
}

const { steps } = sklearn;

describe("fitted on the training part, each gives scikit-learn's numbers", () => {
  test.each<[unknown, Cells]>([
    ["standardize", steps.standardize],
    ["minMax", steps.minMax],
    [{ step: "minMax", range: [-1, 1] }, steps.minMaxRange],
    ["robust", steps.robust],
    ["imputeMean", steps.imputeMean],
    ["imputeMedian", steps.imputeMedian],
    ["imputeMostFrequent", steps.imputeMostFrequent],
    [{ step: "impute", strategy: "constant", value: -9 }, steps.imputeConstant],
    [{ step: "impute", indicator: true }, steps.imputeIndicator],
    [{ step: "clip", quantiles: [0.1, 0.75] }, steps.clipQuantiles],
    ["dropConstant", steps.dropConstant],
  ])("%j", (step, expected) => {
    expectCells(after([step]).x, expected);
  });

  test.each<[unknown, Cells]>([
    [{ step: "pca", components: 3 }, steps.pca],
    [{ step: "pca", components: 0.999 }, steps.pcaShare],
    [{ step: "pca", components: 2, whiten: true }, steps.whiten],
  ])("%j", (step, expected) => {
    const { x, names: found } = after([step], { x: sklearn.full });
    expectCells(x, expected);
    expect(found).toEqual(expected[0].map((_, k) => `pca${k}`));
  });

  test("oneHot and ordinal of one column; the others pass", () => {
    const oneHot = after([{ step: "oneHot", columns: ["d"] }]);
    expect(oneHot.names).toEqual(["a", "b", "c", "e", "d=1", "d=2", "d=3"]);
    expectCells(
      oneHot.x.map((row) => row.slice(4)),
      steps.oneHot,
    );
    const ordinal = after([{ step: "ordinal", columns: ["d"] }]);
    expect(ordinal.names).toEqual(names);
    expectCells(
      ordinal.x.map((row) => [row[3]]),
      steps.ordinal,
    );
    const dropped = after([{ step: "oneHot", columns: ["d"], dropFirst: true }]);
    expect(dropped.names.slice(4)).toEqual(["d=2", "d=3"]);
  });

  test("log of one column", () => {
    const { x } = after([{ step: "log", columns: ["d"] }], { x: sklearn.full });
    expectCells(
      x.map((row) => [row[3]]),
      steps.log,
    );
  });

  test.each(["0.95", "0.5"] as const)("dropCorrelated above %s", (above) => {
    const { names: kept } = after([{ step: "dropCorrelated", above: Number(above) }]);
    expect(kept).toEqual(sklearn.dropCorrelated[above]);
  });

  test.each([
    [{ step: "polynomial", degree: 2 }, sklearn.polynomial],
    [{ step: "polynomial", degree: 3, interactionOnly: true }, sklearn.interactions],
  ])("%j", (step, expected) => {
    const { names: found, x } = after([step], { x: sklearn.full, drop: ["c", "e"] });
    expect(found).toEqual(expected.names);
    expectCells(x, expected.x);
  });
});

test("steps follow each other, and columns keep the facts that they had when they were new", () => {
  const { columns, x } = after([
    { step: "impute", strategy: "median", indicator: true },
    { step: "log", columns: ["d"] },
    "dropConstant",
    "standardize",
  ]);
  expect(columns.map(({ name }) => name)).toEqual(["a", "b", "d", "e", "missingindicator_b"]);
  // As the table has them: a gap in b, codes in d.
  expect(columns[1]).toMatchObject({ missing: 1, min: -1.5, max: 5 });
  expect(columns[2]).toMatchObject({ min: 1, max: 3 });
  expect(columns[4]).toMatchObject({ min: 0, max: 1, mean: 1 / 6 });
  for (let j = 0; j < columns.length; j++) {
    const mean = x.slice(0, fitRows).reduce((sum, row) => sum + row[j], 0) / fitRows;
    expect(mean).toBeCloseTo(0, 6);
  }
});

test.each<[string, unknown, Partial<DataSpec> & { x?: Cells }, string]>([
  [
    "an unknown column",
    { step: "log", columns: ["bb"] },
    {},
    'no such column here. Did you mean "b"?',
  ],
  ["log of a negative", "log", {}, 'column "b" has -1.5; take signedLog'],
  ["pca with gaps", "pca", {}, 'column "b" has missing values; put an impute step before it'],
  ["too many components", { step: "pca", components: 7 }, { x: sklearn.full }, "allow 5"],
  [
    "other columns in the test part",
    "dropConstant",
    { fitOn: "each" },
    "it gives other columns in the test part; set data.fitOn to train",
  ],
])("%s is an error at its step", (_, step, rest, message) => {
  expect(() => after(["signedLog", step].slice(step === "log" ? 1 : 0), rest)).toThrow(message);
  expect(() => after([step], rest)).toThrow(/^data\.preprocess\[0\]: cannot be carried out: /);
});

test.each<[unknown, string]>([
  ["standardise", '"standardise"; it must be'],
  [{ step: "robst" }, 'Did you mean "robust"?'],
  [{ step: "pca", component: 2 }, 'Did you mean "components"?'],
  [{ step: "clip", quantiles: [0.1] }, "data.preprocess[0].quantiles"],
])("%j is a mistake that the parser names", (step, message) => {
  expect(() => after([step])).toThrow(message);
});

test("an object with the usual settings is the name", () => {
  const { data } = parseSpec({
    name: "t",
    data: {
      source: { kind: "inline", rows: [[1], [2]], labels: [0, 1] },
      preprocess: [
        { step: "standardize" },
        { step: "pca", whiten: false },
        { step: "dropCorrelated", above: 0.95 },
        { step: "dropCorrelated", above: 0.9 },
      ],
    },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  });
  expect(data.preprocess).toEqual([
    "standardize",
    "pca",
    "dropCorrelated",
    { step: "dropCorrelated", above: 0.9 },
  ]);
});
