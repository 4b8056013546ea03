import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);

test.each([
  ["the label under another name", (label: number) => label],
  ["a number that is high for one class", (label: number, x: number) => 5 * label + x / 10],
  [
    "one class on both sides of the other",
    (label: number, x: number) => (label === 1 ? 5 * Math.sign(x) : 0) + x / 10,
  ],
])("%s gives the answer away", (_, leak) => {
  const change = { rows: plain.map((row, i) => [...row, leak(labels[i], row[2])]), labels };
  const [line] = lintLines("label-leakage", change);
  expect(line).toMatch(
    /^warning at column x4: Column x4 tells the label of (100|99\.\d)% of the rows alone/,
  );
  expect(afterInterventions("label-leakage", change)).toEqual({ "drop-columns": [] });
});

test.each([
  [
    "a column that is right in 19 of 20",
    (i: number) => (i % 20 === 0 ? 1 - labels[i] : labels[i]),
    1,
  ],
  ["two columns that are both right", (i: number) => labels[i], 2],
])("%s: the classes are easy, nothing leaks", (_, value, copies) => {
  const rows = plain.map((row, i) => [
    ...row,
    ...Array.from({ length: copies }, (_, c) => value(i) + 0.1 * row[c]),
  ]);
  expect(lintLines("label-leakage", { rows, labels })).toEqual([]);
});

test("a rare class makes every column look right, and none is blamed", () => {
  const rare = plain.map((_, i) => (i % 200 === 0 ? 1 : 0));
  expect(lintLines("label-leakage", { rows: plain, labels: rare })).toEqual([]);
});

test("beside a column that is good a perfect one is a note, which a network that fails on new rows makes a warning", () => {
  const good = (i: number) => (i % 80 === 0 ? 1 - labels[i] : labels[i]);
  const rows = plain.map((row, i) => [...row, labels[i] + 0.1 * row[0], good(i) + 0.1 * row[1]]);
  const [line, ...others] = lintLines("label-leakage", { rows, labels });
  expect(others).toEqual([]);
  expect(line).toMatch(/^note at column x4: .* alone, and another comes near; ask/);
});
