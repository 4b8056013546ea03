import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const confused = (...counts: number[][]) => {
  const right =
    counts.reduce((sum, row, k) => sum + row[k], 0) / counts.flat().reduce((a, b) => a + b);
  return {
    curves: { loss: [0.5], accuracy: [right] },
    confusions: [{ signal: "confusion" as const, epoch: 0, counts }],
  };
};

test("all rows for the large class", () => {
  const runs = [confused([246, 0], [54, 0])];
  expect(diagnoseLines("majority-predictor", { runs, classCounts: [246, 54] })).toEqual([
    "error at train: 100% of the rows are taken for one class; the accuracy of 82% is that class's share, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a rare class that is found keeps the large one large", () => {
  const rare = [confused([285, 1], [4, 10])];
  expect(diagnoseLines("majority-predictor", { runs: rare, classCounts: [286, 14] })).toEqual([]);
  const even = [confused([140, 10], [140, 10])];
  expect(diagnoseLines("majority-predictor", { runs: even })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("majority-predictor", { runs: [{}] })).toEqual(["not measured: confusion"]);
});
