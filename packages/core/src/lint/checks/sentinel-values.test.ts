import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);
const withCode = (code: number, every: number) =>
  plain.map((row, i) => (i % every === 0 ? [code, ...row.slice(1)] : row));

test("-999 among numbers about 1 is a code, standardized or not", () => {
  for (const preprocess of [[], ["standardize"]]) {
    const change = { rows: withCode(-999, 20), labels, data: { preprocess } };
    expect(lintLines("sentinel-values", change)).toEqual([
      `warning at column x0: -999 stands far from every other value in column x0 and returns many times: a code for "missing" that is trained on as a number.`,
    ]);
    expect(afterInterventions("sentinel-values", change)).toEqual({ "declare-missing": [] });
  }
});

test("a code of nines stands out among yes and no too", () => {
  const rows = plain.map((row, i) => row.map((x) => (i % 20 === 3 ? -999 : x > 0 ? 1 : 0)));
  const [line] = lintLines("sentinel-values", { rows, labels });
  expect(line).toMatch(/^warning at 4 columns: -999 stands far from every other value/);
  const amounts = rows.map((row) => row.map((x) => (x === -999 ? 500 : x)));
  expect(lintLines("sentinel-values", { rows: amounts, labels })).toEqual([]);
});

test("a zero far from numbers that thin out towards it is one too, and zeros of a count are not", () => {
  const around60 = (row: readonly number[], i: number) => [
    i % 4 === 0 ? 0 : 60 + 9 * row[0],
    ...row.slice(1),
  ];
  for (const preprocess of [[], ["standardize"]]) {
    const change = { rows: plain.map(around60), labels, data: { preprocess } };
    expect(lintLines("sentinel-values", change)).toEqual([
      `warning at column x0: 0 stands far from every other value in column x0 and returns many times: a code for "missing" that is trained on as a number.`,
    ]);
    expect(afterInterventions("sentinel-values", change)).toEqual({ "declare-missing": [] });
  }
});

test.each([
  ["one extreme cell", plain.map((row, i) => (i === 7 ? [-999, ...row.slice(1)] : row))],
  ["a repeated value at the end of the range", withCode(4, 20)],
  [
    "zeros of a count",
    plain.map((row, i) => [i % 3 === 0 ? 0 : 3 + Math.abs(row[0]), ...row.slice(1)]),
  ],
  ["two values", plain.map((row, i) => [i % 20 === 0 ? 99 : 0, ...row.slice(1)])],
])("%s is no code", (_, rows) => {
  expect(lintLines("sentinel-values", { rows, labels })).toEqual([]);
});
