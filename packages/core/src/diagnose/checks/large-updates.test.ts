import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const moved = (...updateNorm: number[]) => ({
  layers: [
    { updateNorm, weightNorm: updateNorm.map(() => 2) },
    { updateNorm: [0.1], weightNorm: [1] },
    { updateNorm: [0.5], weightNorm: [0] },
  ],
});

test("one step of seven times the weights is enough", () => {
  expect(diagnoseLines("large-updates", { runs: [moved(14, 0.1, 0.1)] })).toEqual([
    "warning at model.layers[0]: A single step changes a layer by up to 7.00 times its size, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a first step of a third of the weights, or from weights of 0, is healthy", () => {
  expect(diagnoseLines("large-updates", { runs: [moved(0.7, 0.1)] })).toEqual([]);
});

test("without the signals it is not measured", () => {
  expect(diagnoseLines("large-updates", { runs: [{}] })).toEqual([
    "not measured: updateNorm, weightNorm",
  ]);
});
