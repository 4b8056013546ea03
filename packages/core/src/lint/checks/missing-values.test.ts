import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const rows = normalRows(240).map((row, i) => (i % 10 === 0 ? [null, ...row.slice(1)] : row));
const labels = signLabels(normalRows(240));

test("cells without a value are an error, and both ways of filling them in mend it", () => {
  expect(lintLines("missing-values", { rows, labels })).toEqual([
    "error at column x0: 19 cells of column x0 have no finite value in float32; the first batch that holds one has the loss NaN, and training ends there.",
  ]);
  expect(afterInterventions("missing-values", { rows, labels })).toEqual({
    "impute-median": [],
    "impute-mean": [],
  });
});

test("a column without any value cannot be filled in: it is left out too", () => {
  const empty = rows.map(([, ...rest], i) => [i % 5 === 0 ? null : 1 + rest[0]!, ...rest, null]);
  expect(afterInterventions("missing-values", { rows: empty, labels })).toEqual({
    "impute-median": [],
    "impute-mean": [],
  });
});

test("missing cells that are filled in are no finding", () => {
  const data = { preprocess: ["imputeMean", "standardize"] };
  expect(lintLines("missing-values", { rows, labels, data })).toEqual([]);
});
