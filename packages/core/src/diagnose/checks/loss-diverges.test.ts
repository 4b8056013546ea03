import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const loss = (...values: number[]) => ({ curves: { loss: values } });

test("a loss that ends above its start and above the constant's", () => {
  expect(diagnoseLines("loss-diverges", { runs: [loss(0.8, 2, 4)] })).toEqual([
    "error at train: The loss ends 5.00 times as high as it started or as the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a loss that is not finite", () => {
  expect(diagnoseLines("loss-diverges", { runs: [loss(0.8, Number.NaN)] })).toEqual([
    "error at train: The loss stops being finite, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a stuck loss wavers around its start, and a learned one may end a little higher", () => {
  expect(diagnoseLines("loss-diverges", { runs: [loss(Math.LN2, 0.694)] })).toEqual([]);
  expect(diagnoseLines("loss-diverges", { runs: [loss(0.2, 0.1, 0.4)] })).toEqual([]);
});
