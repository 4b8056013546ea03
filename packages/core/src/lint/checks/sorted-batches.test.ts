import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const rows = normalRows(240);
const sorted = [...rows].sort((a, b) => a[0] * a[1] - b[0] * b[1]);
const data = { split: undefined };
const train = { shuffle: false };

test("sorted rows trained in their order are named, and shuffling mends it", () => {
  const change = { rows: sorted, data, train };
  expect(lintLines("sorted-batches", change)).toEqual([
    "warning at train.shuffle: Rows come sorted by class and are not shuffled, so most batches hold one class only.",
  ]);
  expect(afterInterventions("sorted-batches", change)).toEqual({ shuffle: [] });
});

test("a test part in any order behind them does not hide it", () => {
  const change = {
    rows: [...sorted.slice(0, 160), ...rows.slice(0, 80)],
    data: { split: { testSize: 80, shuffle: false } },
    train,
  };
  expect(lintLines("sorted-batches", change)).toHaveLength(1);
});

test.each([
  ["rows in any order", { rows, data, train }],
  ["sorted rows that are shuffled", { rows: sorted, data }],
  ["sorted rows behind a shuffled split", { rows: sorted, train }],
  ["all rows in one batch", { rows: sorted, data, train: { shuffle: false, batchSize: 240 } }],
])("%s are no finding", (_, change) => {
  expect(lintLines("sorted-batches", change)).toEqual([]);
});
