import { expect, test } from "vitest";
import type { Activation } from "../../spec/words.ts";
import {
  deadShare,
  distinctOutputs,
  distinctUnits,
  largestOf,
  norm,
  saturatedShare,
  zeroGradientShare,
} from "./layer-signals.ts";
import { distance, type Matrix, moments, scan } from "./matrix.ts";

/** A matrix with one number of padding behind each row, which no signal may see. */
function matrix(...rows: number[][]): Matrix {
  const columns = rows[0].length;
  const values = Float64Array.from(rows.flatMap((row) => [...row, Number.NaN]));
  return { values, rows: rows.length, columns, stride: columns + 1 };
}

function tensors(activation: Activation, z: Matrix, a = z, alpha = 0) {
  return { activation, alpha, z, a };
}

test("norms run over all tensors; largest values are absolute; what is not finite gives NaN", () => {
  const kernel = matrix([3, 0], [0, -12]);
  expect(norm(scan(kernel), scan(matrix([4, 0])))).toBe(13);
  expect(norm(scan(kernel))).toBeCloseTo(Math.sqrt(153), 12);
  expect(largestOf(scan(kernel), scan(matrix([4, 0])))).toBe(12);
  expect(distance(kernel.values.subarray(0, 2), Float64Array.of(0, 4))).toBe(5);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(norm(scan(kernel), scan(matrix([bad, 1])))).toBeNaN();
    expect(largestOf(scan(kernel), scan(matrix([bad, 1])))).toBeNaN();
    expect(distance(Float64Array.of(bad), Float64Array.of(1))).toBeNaN();
    expect(moments(matrix([bad, 1]))).toEqual({ mean: Number.NaN, variance: Number.NaN });
  }
});

test("mean and variance over samples and units, the variance divided by n", () => {
  expect(moments(matrix([1, 2], [3, 6]))).toEqual({ mean: 3, variance: (4 + 1 + 0 + 9) / 4 });
});

test("a unit is dead when every sample is on the flat part", () => {
  const z = matrix([-1, 0, -1, 5], [-2, -0, 1, 6]);
  expect(deadShare(tensors("relu", z))).toBe(0.5);
  expect(deadShare(tensors("leakyReLU", z, z, 0.01))).toBe(0);
  expect(deadShare(tensors("sigmoid", z))).toBe(0.25);
  expect(deadShare(tensors("softmax", z))).toBeUndefined();
  expect(deadShare(tensors("relu", matrix([Number.NaN, -1])))).toBe(0.5);
});

test("saturation counts pairs of sample and unit, for bounded activations only", () => {
  const z = matrix([-5, 2.5, -2.4], [0, 5, 4]);
  expect(saturatedShare(tensors("sigmoid", z))).toBe(2 / 6);
  expect(saturatedShare(tensors("tanh", z))).toBe(4 / 6);
  expect(saturatedShare(tensors("hardSigmoid", z))).toBe(3 / 6);
  expect(saturatedShare(tensors("relu", z))).toBeUndefined();
  expect(saturatedShare(tensors("elu", z, z, 1))).toBeUndefined();
  const a = matrix([0.001, 0.999], [0.4, 0.6], [0.007, 0.993], [1, 0]);
  expect(saturatedShare(tensors("softmax", z, a))).toBe(2 / 4);
});

test("zero gradients are those without the penalty's part", () => {
  expect(scan(matrix([0, 0.5], [-0, 1e-30])).zeros).toBe(2);
  // Unit 0 gets nothing back; input 1 is always 0.
  const factors = { input: matrix([1, 0], [2, 0]), dOutput: matrix([0, 1], [0, 1]) };
  expect(zeroGradientShare(factors)).toBe(0.75);
});

test("units are copies only when kernel column and bias are equal", () => {
  const kernel = matrix([1, 1, 1, 2], [5, 5, 5, 5]);
  expect(distinctUnits(kernel, null)).toBe(2);
  expect(distinctUnits(kernel, matrix([0, 0, 1, 0]))).toBe(3);
  expect(distinctUnits(matrix([1, 1, 1], [2, 3, 2]), null)).toBe(2);
});

test("answers are equal within rounding", () => {
  const outputs = matrix(
    [0.5, 0.5],
    [0.5 + 5e-7, 0.5],
    [0.5 + 5e-6, 0.5],
    [1e6, 0],
    [1e6 + 0.5, 0],
  );
  expect(distinctOutputs(outputs)).toBe(3);
  expect(distinctOutputs(matrix([Number.NaN], [Number.NaN]))).toBe(2);
});
