import { describe, expect, test } from "vitest";
import { parseSpec } from "../spec/parse-spec.ts";
import { loadDataset } from "./load-dataset.ts";
import { type Table, tableKey, tableSource } from "./table.ts";

const table: Table = {
  rows: 40,
  columns: ["a", "b"],
  x: Float64Array.from({ length: 80 }, (_, i) => i),
  labels: Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? "yes" : "no")),
};
const source = tableSource(table, "forty.csv");
const tables = new Map([[tableKey(source), table]]);

function dataOf(split?: object) {
  return parseSpec({
    name: "t",
    data: { source, ...(split ? { split } : {}) },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  }).data;
}

/** Row numbers: the first column counts by two. */
const rowsOf = ({ x }: { x: Float32Array }) =>
  Array.from(
    x.filter((_, i) => i % 2 === 0),
    (value) => value / 2,
  );

test("a table that is passed along is the data; one that is not is named", () => {
  const { train, classes, columns } = loadDataset(dataOf(), 0, tables);
  expect(rowsOf(train)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect([classes, columns.map(({ name }) => name)]).toEqual([
    ["no", "yes"],
    ["a", "b"],
  ]);
  expect(() => loadDataset(dataOf())).toThrow(/forty\.csv, which was not read/);
});

describe("an inner split", () => {
  const outer = loadDataset(dataOf({ testSize: 0.25 }), 0, tables);
  const inner = (randomState: number) =>
    loadDataset(dataOf({ testSize: 0.25, inner: { testSize: 0.2, randomState } }), 0, tables);

  test("divides the training part and leaves the test part alone", () => {
    const { train, test } = inner(0);
    expect([train.rows, test.rows]).toEqual([24, 6]);
    const both = [...rowsOf(train), ...rowsOf(test)].sort((a, b) => a - b);
    expect(both).toEqual(rowsOf(outer.train).sort((a, b) => a - b));
  });

  test("is another one for another seed, with the classes in equal shares", () => {
    expect(rowsOf(inner(0).test)).not.toEqual(rowsOf(inner(1).test));
    const share = ({ y }: { y: Float32Array }) =>
      y.reduce((sum, label) => sum + label, 0) / y.length;
    for (const seed of [0, 1, 2]) {
      expect(Math.abs(share(inner(seed).test) - share(outer.train))).toBeLessThan(1 / 6);
    }
  });
});
