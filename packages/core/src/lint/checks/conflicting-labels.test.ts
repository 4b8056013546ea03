import { expect, test } from "vitest";
import { lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

/** 240 rows of which each stands twice, in two columns of few values. */
const rows = Array.from({ length: 240 }, (_, i) => [Math.floor(i / 2), Math.floor(i / 2) % 7]);
const data = { split: undefined };

test("the accuracy that conflicts leave is named, and above one in ten they are a warning", () => {
  const conflicts = (every: number) => rows.map(([k], i) => (k % every === 0 ? i % 2 : k % 2));
  const fact = (share: string) =>
    `equal another row and differ from it in their label, so no network can be right about more than ${share} of the training part.`;
  const lines = (every: number) =>
    lintLines("conflicting-labels", { rows, labels: conflicts(every), data });
  expect(lines(4)).toEqual([`warning at data: 60 rows ${fact("88%")}`]);
  expect(lines(10)).toEqual([`note at data: 24 rows ${fact("95%")}`]);
});

test("equal rows with equal labels, and unlike rows, do not conflict", () => {
  expect(lintLines("conflicting-labels", { rows, labels: rows.map(([k]) => k % 2), data })).toEqual(
    [],
  );
  const plain = normalRows(240);
  expect(lintLines("conflicting-labels", { rows: plain, labels: signLabels(plain) })).toEqual([]);
});
