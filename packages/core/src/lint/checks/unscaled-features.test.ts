import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);
const column = (change: (value: number, i: number) => number) =>
  plain.map(([first, ...rest], i) => [change(first, i), ...rest]);

test.each([
  ["hundreds", column((x) => 300 * x), /x0, has root mean square [23]\d\d; x0 spreads/],
  ["far from 0", column((x) => 67 + 1.5 * x), /x0 lies 4\d.* of its spreads from 0/],
  ["thousandths beside ones", column((x) => x / 1000), /x\d spreads \d+ times as wide as x0/],
  ["all thousandths", plain.map((row) => row.map((x) => x / 1000)), /has root mean square 0.001/],
])("%s are unscaled, and standardized they are not", (_, rows, says) => {
  const [line, ...others] = lintLines("unscaled-features", { rows, labels });
  expect(line).toMatch(says);
  expect(line).toMatch(/^warning at data.preprocess: Features reach the network unscaled: /);
  expect(others).toEqual([]);
  expect(afterInterventions("unscaled-features", { rows, labels })).toEqual({ standardize: [] });
});

test.each([
  // The Blob set of AUTOTRAINER: spreads of 2 to 4 and offsets of 9.
  ["blobs", column((x) => 4 * x - 9)],
  ["raw counts", column((x) => Math.round(13 + 5 * x))],
  ["pixels up to 16", column((x) => Math.min(16, Math.max(0, Math.round(5 + 6 * x))))],
  ["a rare flag", column((_, i) => (i % 100 === 0 ? 0.01 : 0))],
  ["a constant column", column(() => 1)],
])("%s are close enough", (_, rows) => {
  expect(lintLines("unscaled-features", { rows, labels })).toEqual([]);
});
