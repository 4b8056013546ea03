import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const noise = (variation: number, loss: number[]) => ({
  curves: {
    loss,
    gradientNormMean: [1, 1, 1, 1],
    gradientNormVariance: [0, 0, variation ** 2, variation ** 2],
  },
});

test("a scatter beyond the mean in a network that does not learn", () => {
  expect(diagnoseLines("noisy-gradient", { runs: [noise(1.5, [0.7, 0.7, 0.7, 0.69])] })).toEqual([
    "warning at train.batchSize: From batch to batch the gradient's norm scatters by 1.50 times its mean, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("in one that learns it is normal, and below the mean it is everywhere", () => {
  expect(diagnoseLines("noisy-gradient", { runs: [noise(2, [0.7, 0.5, 0.2, 0.1])] })).toEqual([]);
  expect(diagnoseLines("noisy-gradient", { runs: [noise(0.9, [0.7, 0.7, 0.7, 0.7])] })).toEqual([]);
});

test("without the signals it is not measured", () => {
  expect(diagnoseLines("noisy-gradient", { runs: [{}] })).toEqual([
    "not measured: gradientNormMean, gradientNormVariance",
  ]);
});
