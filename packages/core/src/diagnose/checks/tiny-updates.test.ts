import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const moved = (ratio: number, deadShare = 0) => ({
  steps: 1000,
  curves: { loss: [0.7, Math.LN2] },
  layers: Array.from({ length: 3 }, () => ({
    updateNorm: [ratio],
    weightNorm: [1],
    deadShare: [deadShare],
  })),
});

test("a thousand steps of two hundred-thousandths", () => {
  expect(diagnoseLines("tiny-updates", { runs: [moved(2e-5)] })).toEqual([
    "warning at train.learningRate: All steps together move the weights by at most 0.0200 of their size, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("no step at all", () => {
  expect(diagnoseLines("tiny-updates", { runs: [moved(0)] })).toEqual([
    "warning at train.learningRate: No step moves any weight: the gradient is 0 or the rate is, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("far enough, learned already, or cut off is another matter", () => {
  expect(diagnoseLines("tiny-updates", { runs: [moved(1.1e-4)] })).toEqual([]);
  const learned = { ...moved(1e-5), curves: { loss: [0.6, 0.2] } };
  expect(diagnoseLines("tiny-updates", { runs: [learned] })).toEqual([]);
  expect(diagnoseLines("tiny-updates", { runs: [moved(0, 1)] })).toEqual([]);
});

test("without the signals it is not measured", () => {
  expect(diagnoseLines("tiny-updates", { runs: [{}] })).toEqual([
    "not measured: updateNorm, weightNorm, deadShare",
  ]);
});
