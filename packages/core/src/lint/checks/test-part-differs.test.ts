import { expect, test } from "vitest";
import { lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);
const data = { split: { testSize: 0.25, shuffle: false } };
const withTail = (change: (x: number, j: number) => number) => ({
  rows: plain.map((row, i) => (i < 180 ? row : row.map(change))),
  labels,
  data,
});

test.each([
  ["larger", (x: number) => 255 * x],
  ["smaller", (x: number) => x / 255],
  ["beside", (x: number) => x + 20],
])("test rows that were left %s", (_, change) => {
  const [line] = lintLines("test-part-differs", withTail(change));
  expect(line).toMatch(/^error at data: In 4 of 4 columns the test rows lie on another scale/);
});

test.each([
  ["parts of the same kind", (x: number) => x],
  ["one column that goes on, such as a date", (x: number, j: number) => (j === 0 ? x + 20 : x)],
  ["a spread that is twice as wide", (x: number) => 2 * x],
])("%s", (_, change) => {
  expect(lintLines("test-part-differs", withTail(change))).toEqual([]);
});

test("columns of yes and no, whichever is rarer in a part", () => {
  const rows = plain.map((row, i) => row.map((x) => (x > (i < 180 ? 0.6 : 0.8) ? 1 : 0)));
  expect(lintLines("test-part-differs", { rows, labels, data })).toEqual([]);
});
