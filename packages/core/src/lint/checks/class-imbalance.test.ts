import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const rows = normalRows(240);
const oneIn = (n: number) => rows.map((_, i) => (i % n === 0 ? "rare" : "common"));
const data = { split: { stratify: true } };

test("one in five is a note, one in twenty a warning, and class weights answer it", () => {
  const lines = (n: number) => lintLines("class-imbalance", { rows, labels: oneIn(n), data });
  expect(lines(5)[0]).toMatch(
    /^note at data.source.labels: Class common has 144 training rows and class rare has 36;/,
  );
  expect(lines(20)[0]).toMatch(
    /^warning at data.source.labels: Class common has 171 .* right in 95%\.$/,
  );
  expect(afterInterventions("class-imbalance", { rows, labels: oneIn(20), data })).toEqual({
    "class-weight": [],
  });
});

test("two to one is balanced enough", () => {
  expect(lintLines("class-imbalance", { rows, labels: oneIn(3), data })).toEqual([]);
});
