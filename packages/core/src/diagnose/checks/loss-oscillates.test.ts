import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

/** Falls by 0.01 an epoch with a saw of this height on it. */
const saw = (height: number) => ({
  curves: { loss: Array.from({ length: 20 }, (_, i) => 0.6 - 0.01 * i + (i % 2) * height) },
});

test("a saw in the second half", () => {
  expect(diagnoseLines("loss-oscillates", { runs: [saw(0.1)] })).toEqual([
    "warning at train.learningRate: In the second half the training loss still jumps from epoch to epoch, by 0.108 times the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a steep fall is no jump, nor is a little scatter, nor a wild beginning", () => {
  expect(diagnoseLines("loss-oscillates", { runs: [saw(0)] })).toEqual([]);
  expect(diagnoseLines("loss-oscillates", { runs: [saw(0.02)] })).toEqual([]);
  const wild = [3, 0.2, 2, 0.3, 1, 0.4, 0.3, 0.29, 0.28, 0.27, 0.26, 0.25];
  expect(diagnoseLines("loss-oscillates", { runs: [{ curves: { loss: wild } }] })).toEqual([]);
});
