import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const learned = { curves: { loss: [0.7, 0.2] } };
const stuck = { curves: { loss: [0.7, Math.LN2] } };
const lucky = { curves: { loss: [0.601, 0.6] } };

test("a rate of failure with its interval", () => {
  expect(diagnoseLines("seed-dependent", { runs: [learned, stuck, learned, learned] })).toEqual([
    "warning at seeds: The network ends no better than the best constant predictor in 1 of 4 seeds (95% 4.6% to 70%), and learns in 3.",
  ]);
});

test("all seeds alike, or seeds that only start well, do not depend on the seed", () => {
  expect(diagnoseLines("seed-dependent", { runs: [learned, learned] })).toEqual([]);
  expect(diagnoseLines("seed-dependent", { runs: [stuck, stuck] })).toEqual([]);
  expect(diagnoseLines("seed-dependent", { runs: [stuck, lucky] })).toEqual([]);
});
