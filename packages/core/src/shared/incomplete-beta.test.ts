import { expect, test } from "vitest";
import { incompleteBeta } from "./incomplete-beta.ts";

// scipy.special.betainc(a, b, x), SciPy 1.17.
test.each([
  [0.3, 2.5, 0.5, 0.018927124071945658],
  [0.1, 0.5, 0.5, 0.20483276469913345],
  [0.45, 30, 40, 0.6447480085585666],
  [0.995, 1000, 3, 0.12318159331562695],
])("I_%d(%d, %d)", (x, a, b, expected) => {
  expect(Math.abs(incompleteBeta(x, a, b) / expected - 1)).toBeLessThan(1e-11);
});

test("closed forms: I_x(1, b) = 1 - (1 - x)^b and the ends", () => {
  expect(incompleteBeta(0.2, 1, 7)).toBeCloseTo(1 - 0.8 ** 7, 14);
  expect(incompleteBeta(0, 3, 2)).toBe(0);
  expect(incompleteBeta(1, 3, 2)).toBe(1);
});

test("symmetric parameters halve at one half, however large", () => {
  // ln Gamma(2e6) is 2.7e7, so its last digit alone is worth 4e-9.
  for (const a of [0.5, 4, 1e3, 1e6]) expect(incompleteBeta(0.5, a, a)).toBeCloseTo(0.5, 8);
});
