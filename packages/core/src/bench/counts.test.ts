import { expect, test } from "vitest";
import { productCounts, stepCounts } from "./counts.ts";
import { stepCase } from "./step-case.ts";

// Two rows of three inputs, five units: 30 multiplications with an addition each.
const size = { batch: 2, inputs: 3, units: 5, networks: 1 };

test.each([
  // input 6, kernel 15, bias 5, output 10
  ["gemm-forward", 36],
  // dPreActivation 10, kernel 15, input 6 for the slope, dInput 6
  ["gemm-dx", 37],
  // input 6, dPreActivation 10, dKernel 15, dBias 5
  ["gemm-dw", 36],
] as const)("%s of 3 inputs and 5 units touches %i floats", (product, floats) => {
  expect(productCounts(product, size)).toEqual({ flops: 60, bytes: 4 * floats, modelSteps: 0 });
  expect(productCounts(product, { ...size, networks: 7 })).toEqual({
    flops: 420,
    bytes: 28 * floats,
    modelSteps: 0,
  });
});

test("a step has no dX in the first layer, and touches its state and its batch", () => {
  const { network } = stepCase("20-4-1", 1, 1).plan.buckets[0];
  // 80 + 80 of the first layer, 4 + 4 + 4 of the second; 89 parameters with two moments, read and
  // written; 32 rows of 20 features and a label.
  expect(network.layout.size).toBe(89);
  expect(stepCounts(network, 32, 1, 2)).toEqual({
    flops: 2 * 32 * 172,
    bytes: 4 * (2 * 3 * 89 + 32 * 21),
    modelSteps: 1,
  });
  expect(stepCase("20-4-1", 64, 1).counts).toEqual({
    flops: 64 * 11_008,
    bytes: 64 * 4824,
    modelSteps: 64,
  });
});
