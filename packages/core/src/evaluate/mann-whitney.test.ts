import { expect, test } from "vitest";
import { mannWhitneyP } from "./mann-whitney.ts";

// SciPy 1.17's mannwhitneyu(a, b, method="asymptotic").
test.each([
  [[1, 2, 3, 4, 5], [3, 4, 5, 6, 7, 7], 0.06539191562183343],
  [[0.1, 0.2, 0.3, 0.4], [1.1, 1.2, 1.3, 1.4], 0.03038282197657749],
  [Array(16).fill(5), Array.from({ length: 16 }, (_, i) => 8 + (i % 2)), 1.7058303536951212e-7],
])("p of %j and %j", (a, b, p) => {
  expect(mannWhitneyP(a, b) / p).toBeCloseTo(1, 6);
  expect(mannWhitneyP(b, a) / p).toBeCloseTo(1, 6);
});

test("equal values say nothing", () => {
  expect(mannWhitneyP([1, 1], [1, 1, 1])).toBe(1);
});
