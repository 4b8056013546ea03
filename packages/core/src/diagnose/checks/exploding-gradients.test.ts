import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const stuck = { curves: { loss: [0.7, Math.LN2] } };
const gradients = (...norms: number[][]) => norms.map((gradientNorm) => ({ gradientNorm }));

test("from layer to layer", () => {
  const layers = gradients([80], [10], [1]);
  expect(diagnoseLines("exploding-gradients", { runs: [{ ...stuck, layers }] })).toEqual([
    "warning at model.layers[0]: The gradient of layer 1 of 3 is 80.0 times the output layer's, and the loss has not fallen, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  expect(diagnoseLines("exploding-gradients", { runs: [{ layers }] })).toEqual([]);
  const below = gradients([70], [10], [1]);
  expect(diagnoseLines("exploding-gradients", { runs: [{ ...stuck, layers: below }] })).toEqual([]);
});

test("from step to step", () => {
  const layers = gradients([1, 2000, 3000, 3000], [1, 1, 1, 1], [1, 300, 400, 400]);
  expect(diagnoseLines("exploding-gradients", { runs: [{ ...stuck, layers }] })).toEqual([
    "warning at model.layers[0]: The gradient of layer 1 of 3 has grown 2500-fold since the first step, and the loss has not fallen, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("large gradients of unscaled columns are no explosion", () => {
  const layers = gradients([9000, 8000], [9000, 8000], [5000, 4000]);
  expect(diagnoseLines("exploding-gradients", { runs: [{ ...stuck, layers }] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("exploding-gradients", { runs: [{}] })).toEqual([
    "not measured: gradientNorm",
  ]);
});
