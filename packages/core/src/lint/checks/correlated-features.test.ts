import { expect, test } from "vitest";
import {
  afterInterventions,
  findingsOf,
  lintLines,
  lintSpec,
  normalRows,
  signLabels,
} from "../../../test/lint-case.ts";

const plain = normalRows(240);
const labels = signLabels(plain);

test("columns that say nearly the same are named with their numbers", () => {
  const change = { rows: plain.map((row) => [...row, -row[1] + 0.1 * row[2]]), labels };
  expect(lintLines("correlated-features", change)).toEqual([
    "note at column x4: 1 pair of columns says nearly the same, first of all x1 and x4.",
  ]);
  expect(afterInterventions("correlated-features", change)).toEqual({
    "drop-columns": [],
    decorrelate: [],
  });
});

test("a column that is nearly the sum of others shows in the condition number only", () => {
  const rows = plain.map((row) => [
    ...row,
    row[0] + row[1] + row[2] + row[3] + 0.01 * Math.sin(row[0]),
  ]);
  const [line] = lintLines("correlated-features", { rows, labels });
  expect(line).toMatch(
    /^note at data: Some columns are nearly a sum of others \(condition number [\d.e+]+\)\.$/,
  );
  expect(afterInterventions("correlated-features", { rows, labels })).toEqual({ decorrelate: [] });
});

test("columns with gaps are not turned: a direction needs every cell", () => {
  const rows = plain.map((row, i) => [...row, i === 7 ? null : -row[1] + 0.1 * row[2]]);
  const [found] = findingsOf(lintSpec({ rows, labels }), "correlated-features");
  expect(found.interventions.map(({ id }) => id)).toEqual(["drop-columns"]);
});

test("a correlation of 0.9 is common and no finding", () => {
  const rows = normalRows(240, 5).map((row) => row.with(4, row[1] + 0.5 * row[4]));
  expect(lintLines("correlated-features", { rows, labels })).toEqual([]);
});

test("with more columns than rows every table is singular, and nothing is said", () => {
  const few = normalRows(16, 20);
  expect(lintLines("correlated-features", { rows: few, labels: signLabels(few) })).toEqual([]);
});

test("columns that are not at unit scale are scaled before they are turned", () => {
  const rows = plain.map((row) => [...row, -row[1] + 0.1 * row[2]].map((value) => 50 * value));
  const offered = (data: object) =>
    findingsOf(lintSpec({ rows, labels, data }), "correlated-features").flatMap(
      ({ interventions }) => interventions.map(({ id }) => id),
    );
  expect(offered({})).toEqual(["drop-columns"]);
  expect(offered({ preprocess: ["standardize"] })).toEqual(["drop-columns", "decorrelate"]);
});
