import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const rows = normalRows(240);
const sorted = [...rows].sort((a, b) => a[0] * a[1] - b[0] * b[1]);
const data = { split: { shuffle: false } };

test("the tail of rows sorted by class is no test, and shuffling mends it", () => {
  const change = { rows: sorted, data };
  const [line] = lintLines("sorted-split", change);
  expect(line).toMatch(
    /^error at data.split: The test part is the tail of rows that are sorted by class/,
  );
  expect(afterInterventions("sorted-split", change)).toEqual({ "shuffle-split": [] });
});

test("a class that is in the tail only is named", () => {
  const labels = sorted.map((_, i) => (i < 180 ? "seen" : "unseen"));
  const [line] = lintLines("sorted-split", {
    rows: sorted,
    labels: ["other", ...labels.slice(1)],
    data,
  });
  expect(line).toContain("class unseen is in no training row");
});

test("rows in any order have a tail like the rest, and sorted rows may be shuffled", () => {
  expect(lintLines("sorted-split", { rows, data })).toEqual([]);
  expect(lintLines("sorted-split", { rows: sorted })).toEqual([]);
});

test("a class that is rare in training only is no matter of order", () => {
  const labels = rows.map((_, i) => (i < 180 ? Number(i % 60 === 0) : i % 2));
  expect(lintLines("sorted-split", { rows, labels, data })).toEqual([]);
});
