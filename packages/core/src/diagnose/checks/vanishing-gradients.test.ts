import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const stuck = { curves: { loss: [0.7, Math.LN2] } };
const alive = { deadShare: [0] };
const gradients = (first: number[], second: number[], last: number[]) => [
  { ...alive, gradientNorm: first },
  { ...alive, gradientNorm: second },
  { gradientNorm: last },
];

test("the layers that a gradient does not reach are named, and since when", () => {
  const late = gradients([0.5, 1e-4, 1e-4, 1e-4], [0.5, 0.5, 0.5, 0.5], [1, 1, 1, 1]);
  expect(diagnoseLines("vanishing-gradients", { runs: [{ ...stuck, layers: late }] })).toEqual([
    "warning at model.layers[0]: Of the output layer's gradient 1.00e-4 arrives at layer 1 of 3, since step 20, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const early = gradients([1e-6], [1e-5], [1]);
  expect(diagnoseLines("vanishing-gradients", { runs: [{ ...stuck, layers: early }] })).toEqual([
    "warning at model.layers[0], model.layers[1]: Of the output layer's gradient 1.00e-6 arrives at layer 1 of 3, from the first step, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  // The network learns all the same.
  expect(diagnoseLines("vanishing-gradients", { runs: [{ layers: early }] })[0]).toMatch(/^note/);
});

test("the limit is a thousandth, and small gradients everywhere are the end of a training", () => {
  const runs = [{ ...stuck, layers: gradients([1.01e-3], [1], [1]) }];
  expect(diagnoseLines("vanishing-gradients", { runs })).toEqual([]);
  const done = [{ ...stuck, layers: gradients([1e-7], [1e-7], [1e-7]) }];
  expect(diagnoseLines("vanishing-gradients", { runs: done })).toEqual([]);
});

test("a layer behind dead units, and a head without a gradient, is another matter", () => {
  const cut = gradients([1e-6], [1e-6], [1]);
  const dead = [cut[0], { ...cut[1], deadShare: [1] }, cut[2]];
  expect(diagnoseLines("vanishing-gradients", { runs: [{ ...stuck, layers: dead }] })).toEqual([]);
  const none = gradients([0], [0], [0]);
  expect(diagnoseLines("vanishing-gradients", { runs: [{ ...stuck, layers: none }] })).toEqual([]);
});

test("without the signals it is not measured", () => {
  expect(diagnoseLines("vanishing-gradients", { runs: [{}] })).toEqual([
    "not measured: gradientNorm, deadShare",
  ]);
});
