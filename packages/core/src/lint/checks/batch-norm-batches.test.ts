import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const layers = [
  { units: 8, activation: "relu" as const },
  { type: "batchNormalization" as const },
  { units: 1, activation: "sigmoid" as const },
];

test("a batch of one row is an error", () => {
  const change = { layers, train: { batchSize: 1 } };
  expect(lintLines("batch-norm-batches", change)).toEqual([
    "error at model.layers[1]: Batches hold one row, so batch normalization subtracts it from itself and nothing gets through.",
  ]);
  expect(afterInterventions("batch-norm-batches", change)).toEqual({ "larger-batch": [] });
});

test("a last batch of one row is a note", () => {
  const rows = normalRows(244);
  // 183 training rows in batches of 26: seven, and one row.
  const change = { rows, layers, train: { batchSize: 26 } };
  expect(lintLines("batch-norm-batches", change)[0]).toMatch(
    /^note at model.layers\[1\]: The last batch/,
  );
  expect(afterInterventions("batch-norm-batches", change)).toEqual({ "other-batch": [] });
});

test("batches of two rows normalize, and without normalization one row is fine", () => {
  expect(lintLines("batch-norm-batches", { layers, train: { batchSize: 2 } })).toEqual([]);
  expect(lintLines("batch-norm-batches", { train: { batchSize: 1 } })).toEqual([]);
});
