import { expect, test } from "vitest";
import { lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const rows = normalRows(24);
const labels = signLabels(rows);

test("a handful of rows per class is a warning where new rows are judged, else a note", () => {
  const says =
    "2 of 2 classes have fewer than 10 training rows: enough to memorise, too few to learn from.";
  const data = { split: { testSize: 0.5 } };
  expect(lintLines("too-few-rows", { rows, labels, data })).toEqual([`warning at data: ${says}`]);
  const few = { rows: rows.slice(0, 12), labels: labels.slice(0, 12), data: { split: undefined } };
  expect(lintLines("too-few-rows", few)).toEqual([`note at data: ${says}`]);
});

test("a hundred weights per row are a note", () => {
  const wide = normalRows(240);
  const layers = [{ units: 4096 }, { units: 1, activation: "sigmoid" as const }];
  expect(lintLines("too-few-rows", { rows: wide, layers })).toEqual([
    "note at model: The network has 24577 weights for 180 rows.",
  ]);
});

test("a whole truth table is all there is", () => {
  const xor = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const data = { split: undefined };
  expect(lintLines("too-few-rows", { rows: xor, labels: [0, 1, 1, 0], data })).toEqual([]);
});

test("ten rows of a class and seventy weights per row are enough", () => {
  const many = normalRows(80);
  const layers = [{ units: 700 }, { units: 1, activation: "sigmoid" as const }];
  expect(lintLines("too-few-rows", { rows: many, layers })).toEqual([]);
});
