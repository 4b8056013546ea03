import { expect, test } from "vitest";
import { loadDatasets } from "../compile/compile.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { lint } from "./lint.ts";

function findingsOf(rows: number[][], preprocess: string[] = []): string[] {
  const spec = parseSpec({
    name: "lint",
    data: { source: { kind: "inline", rows, labels: rows.map((_, i) => i % 2) }, preprocess },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  });
  return lint(spec, loadDatasets(spec)).map((finding) => `${finding.id}: ${finding.says}`);
}

test("columns in thousands and in hundredths are unscaled; standardized they are not", () => {
  const rows = [1, 2, 3, 4, 5].map((i) => [1000 * i, 0.01 * i]);
  expect(findingsOf(rows)).toEqual([
    "unscaled-features: Features reach the network unscaled: mean |x0| = 3000 (limit 10); sd of x0 / sd of x1 = 100000 (limit 100).",
  ]);
  expect(findingsOf(rows, ["standardize"])).toEqual([]);
});

test("a constant column is named", () => {
  expect(
    findingsOf([
      [1, 7],
      [2, 7],
      [3, 7],
    ]),
  ).toEqual(["constant-column: Column x1 is 7 on all 3 training rows."]);
});
