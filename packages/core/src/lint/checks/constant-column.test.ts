import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);

test("a column with one value is a note", () => {
  const change = { rows: plain.map((row) => [...row, 7]), labels };
  expect(lintLines("constant-column", change)).toEqual([
    "note at column x4: Column x4 has one value on all 180 training rows and can tell nothing.",
  ]);
  expect(afterInterventions("constant-column", change)).toEqual({ "drop-columns": [] });
});

test("nothing but constant columns is an error: pixels divided as whole numbers", () => {
  const rows = plain.map((row) => row.map((x) => Math.trunc(x / 255)));
  expect(lintLines("constant-column", { rows, labels })[0]).toMatch(/^error at data: Every column/);
});

test("a column that is different in one row is not constant", () => {
  const rows = plain.map((row, i) => [...row, i < 3 ? 1 : 0]);
  expect(lintLines("constant-column", { rows, labels })).toEqual([]);
});
