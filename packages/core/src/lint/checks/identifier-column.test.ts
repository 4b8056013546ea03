import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);
const withColumn = (value: (i: number) => number) => plain.map((row, i) => [...row, value(i)]);

test.each([
  ["row numbers", (i: number) => i, []],
  ["large keys in another order", (i: number) => 3_000_000 + 7 * ((i * 77) % 240), []],
  ["row numbers, standardized", (i: number) => i, ["standardize"]],
  ["a share of the table", (i: number) => (i / 240) * 10, []],
])("%s number the rows", (_, value, preprocess) => {
  const change = { rows: withColumn(value), labels, data: { preprocess } };
  expect(lintLines("identifier-column", change)).toEqual([
    "warning at column x4: Column x4 numbers the rows: evenly stepped and never twice the same, as a key is.",
  ]);
  expect(afterInterventions("identifier-column", change)).toEqual({ "drop-columns": [] });
});

test.each([
  ["whole numbers that return", withColumn((i) => i % 200)],
  ["measurements", plain],
  ["years with gaps", withColumn((i) => 1000 * i + ((i * i) % 997))],
  ["the x of a function, alone", plain.map((_, i) => [i])],
])("%s do not", (_, rows) => {
  expect(lintLines("identifier-column", { rows, labels })).toEqual([]);
});
