import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);

test.each([
  ["the same", (x: number) => x],
  ["in another unit", (x: number) => 2.54 * x],
  ["turned round and moved", (x: number) => 10 - x],
])("a column that is another one, %s", (_, copy) => {
  const change = { rows: plain.map((row) => [...row, copy(row[1])]), labels };
  expect(lintLines("duplicate-columns", change)).toEqual([
    "note at column x4: Column x4 repeats another column, up to scale and offset.",
  ]);
  expect(afterInterventions("duplicate-columns", change)).toEqual({ "drop-columns": [] });
});

test("a column that follows another closely is no copy", () => {
  const rows = plain.map((row) => [...row, row[1] + 0.001 * row[2]]);
  expect(lintLines("duplicate-columns", { rows, labels })).toEqual([]);
});
