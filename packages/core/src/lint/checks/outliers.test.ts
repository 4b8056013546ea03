import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);
const column = (change: (value: number, i: number) => number) =>
  plain.map(([first, ...rest], i) => [change(first, i), ...rest]);

test("a log-normal column is squeezed by its tail, standardized or not", () => {
  const change = {
    rows: column((x) => Math.exp(3 * x)),
    labels,
    data: { preprocess: ["standardize"] },
  };
  const [line] = lintLines("outliers", change);
  expect(line).toBe(
    "warning at column x0: A few extreme values hold almost all the spread of column x0; scaled by it, the other rows are nearly one point.",
  );
  expect(afterInterventions("outliers", change)).toEqual({ "signed-log": [] });
});

test.each([
  ["normal", column((x) => x)],
  ["log-normal with sigma 1", column((x) => Math.exp(x))],
  ["a pixel that is 0 in most rows", column((x, i) => (i % 50 === 0 ? 8 + x : 0))],
  ["half of the cells filled in with one value", column((x, i) => (i % 2 === 0 ? 0.1 : x))],
])("%s is no outlier", (_, rows) => {
  expect(lintLines("outliers", { rows, labels })).toEqual([]);
});
