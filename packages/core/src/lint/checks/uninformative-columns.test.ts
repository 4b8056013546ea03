import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const wide = normalRows(120, 40);
const of = (rows: readonly number[][], tells: (row: readonly number[]) => boolean) => ({
  rows,
  labels: rows.map((row) => (tells(row) ? 1 : 0)),
});

test.each([
  ["where its values lie", (row: readonly number[]) => row[0] + 0.3 * row[1] > 0],
  ["how far out they lie", (row: readonly number[]) => Math.abs(row[0]) > 0.7],
])("few rows of many columns, of which one or two tell the label by %s", (_, tells) => {
  const change = of(wide, tells);
  const [line] = lintLines("uninformative-columns", change);
  expect(line).toMatch(/^warning at data: 3[5-9] of 40 columns tell nothing of the label/);
  expect(afterInterventions("uninformative-columns", change)).toEqual({ "drop-columns": [] });
});

test.each([
  ["rows enough for every column", of(normalRows(600, 40), (row) => row[0] > 0)],
  ["columns that tell it together only", of(wide, (row) => row[0] * row[1] > 0)],
  ["columns of which most tell it", of(normalRows(60, 6), (row) => row.some((x) => x > 1.5))],
  ["few columns", of(normalRows(30, 4), (row) => row[0] > 0)],
])("%s: nothing to leave out", (_, change) => {
  expect(lintLines("uninformative-columns", change)).toEqual([]);
});
