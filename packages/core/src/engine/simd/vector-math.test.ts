// The elementary functions of wasm/vector-math.ts through the activations that are made of them,
// against float64, in units in the last place of the exact result.

import { afterAll, describe, expect, test } from "vitest";
import { ACTIVATIONS } from "../../spec/words.ts";
import { Arena } from "./arena.ts";
import { type ActivationForward, borrowKernels, returnKernels } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";

const kernels = borrowKernels();
afterAll(() => returnKernels(kernels));

/** Numbers of both signs from 1e-30 to `largest`, close together, and 0. */
function argumentsUpTo(largest: number): Float32Array {
  const sizes: number[] = [];
  for (let x = 1e-30; x < largest; x *= x < 1e-4 ? 1.7 : 1.0007) sizes.push(x);
  const all = [0, ...sizes.flatMap((x) => [x, -x])];
  while (all.length % 4 !== 0) all.push(1);
  return Float32Array.from(all);
}

function apply(forward: ActivationForward, x: Float32Array): Float32Array {
  const arena = new Arena(kernels.memory);
  const from = arena.allocate(x.length);
  const to = arena.allocate(x.length);
  arena.floats(from, x.length).set(x);
  forward(from, to, 1, x.length, 4 * x.length, 1);
  return arena.floats(to, x.length).slice();
}

/** The largest error in units in the last place; results below the normal numbers count as these. */
function worstUlp(x: Float32Array, actual: Float32Array, exact: (x: number) => number): number {
  return x.reduce((worst, value, i) => {
    const wanted = exact(value);
    const exponent = Math.floor(Math.log2(Math.max(Math.abs(wanted), 2 ** -126)));
    return Math.max(worst, Math.abs(actual[i] - wanted) / 2 ** (exponent - 23));
  }, 0);
}

/** x (w^2 - 1) / (w^2 + 1), w = 1 + e^x. */
function mish(x: number): number {
  const e = Math.exp(x);
  const n = e * (e + 2);
  return (x * n) / (n + 2);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("error in units in the last place", () => {
  test.each([
    ["expm1", kernels.eluForward, (x: number) => (x > 0 ? x : Math.expm1(x)), 2],
    ["sigmoid", kernels.sigmoidForward, sigmoid, 3],
    ["tanh", kernels.tanhForward, Math.tanh, 3],
    [
      "softplus",
      kernels.softplusForward,
      (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
      3,
    ],
    ["exp", kernels.exponentialForward, Math.exp, 2],
    ["swish", kernels.swishForward, (x: number) => x * sigmoid(x), 4],
    ["mish", kernels.mishForward, mish, 6],
    ["softsign", kernels.softsignForward, (x: number) => x / (1 + Math.abs(x)), 2],
  ] as const)("%s", (_name, forward, exact, bound) => {
    const x = argumentsUpTo(85);
    expect(worstUlp(x, apply(forward, x), exact)).toBeLessThanOrEqual(bound);
  });

  test("log, of the clipped outputs of a binary cross-entropy", () => {
    const p = Float32Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
    expect(worstUlp(p, p.map(negativeLog), (x) => -Math.log(x))).toBeLessThanOrEqual(3);
  });
});

test("the normal distribution function is exact to 2e-7", () => {
  const x = argumentsUpTo(12).map((value) => value + (value === 0 ? 1 : 0));
  const cdf = apply(kernels.geluForward, x).map((value, i) => value / x[i]);
  const worst = x.reduce((max, value, i) => Math.max(max, Math.abs(cdf[i] - normalCdf(value))), 0);
  expect(worst).toBeLessThanOrEqual(2e-7);
});

test("what saturates does so without NaN or infinity", () => {
  const x = Float32Array.of(1e4, -1e4, 3e38, -3e38);
  const values = (forward: ActivationForward) => Array.from(apply(forward, x));
  expect(values(kernels.sigmoidForward)).toEqual([1, 0, 1, 0]);
  expect(values(kernels.tanhForward)).toEqual([1, -1, 1, -1]);
  expect(values(kernels.eluForward)).toEqual([1e4, -1, x[2], -1]);
  expect(values(kernels.softplusForward)).toEqual([1e4, 0, x[2], 0]);
  expect(values(kernels.geluForward)).toEqual([1e4, -0, x[2], -0]);
  expect(values(kernels.swishForward)).toEqual([1e4, -0, x[2], -0]);
});

test("the exponential overflows to infinity where float32 does", () => {
  const values = Array.from(
    apply(kernels.exponentialForward, Float32Array.of(88, 88.8, 1e4, -1e4)),
  );
  expect(values[0] / Math.exp(88)).toBeCloseTo(1, 6);
  expect(values.slice(1)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0]);
});

test("NaN gives NaN", () => {
  const x = Float32Array.of(Number.NaN, 1, 1, 1);
  for (const activation of ACTIVATIONS) {
    if (activation === "linear" || activation === "prelu") continue;
    expect(apply(kernels[`${activation}Forward`], x)[0], activation).toBeNaN();
  }
});

test.each([1, 2, 3, 5, 6, 7, 9])("rows of %i units have the bits of a dense row", (units) => {
  const rows = 7;
  const x = Float32Array.from({ length: rows * units }, (_, i) => 6 * Math.sin(i * i + 1));
  const stride = rowBytes(units) / 4;
  for (const activation of ACTIVATIONS) {
    if (activation === "linear" || activation === "prelu" || activation === "softmax") continue;
    const forward = kernels[`${activation}Forward`];
    const dense = apply(
      forward,
      Float32Array.from({ length: roundUp(x.length) }, (_, i) => x[i] ?? 1),
    );
    const arena = new Arena(kernels.memory);
    const z = arena.allocate(roundUp(rows) * stride);
    const elsewhere = arena.allocate(roundUp(rows) * stride);
    // The second time in place.
    for (const y of [elsewhere, z]) {
      const before = arena.floats(z, rows * stride);
      x.forEach((value, i) => {
        before[Math.floor(i / units) * stride + (i % units)] = value;
      });
      forward(z, y, rows, units, 4 * stride, 1);
      const after = arena.floats(y, rows * stride);
      const wanted = Float32Array.from(after, (_, i) =>
        i % stride < units ? dense[Math.floor(i / stride) * units + (i % stride)] : 0,
      );
      expect(after, activation).toEqual(wanted);
    }
  }
});

/** -log p by the loss of one sample with label 1. */
function negativeLog(p: number): number {
  const arena = new Arena(kernels.memory);
  const [output, target, gradient] = [0, 1, 2].map(() => arena.allocate(4));
  arena.floats(output, 1)[0] = p;
  arena.floats(target, 1)[0] = 1;
  return kernels.binaryCrossentropy(output, output, target, gradient, 1, 1, 16, 1);
}

/** 1/2 + density * (x + x^3/3 + x^5/(3 * 5) + ...); the series of the reference engine. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= (x * x) / divisor;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
