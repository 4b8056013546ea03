import { expect, test } from "vitest";
import { mannWhitneyP } from "./mann-whitney.ts";
import { permutationP } from "./permutation-test.ts";

test("of three values against three, 2 of 20 deals are as far apart", () => {
  expect(permutationP([1, 2, 3], [11, 12, 13])).toBeCloseTo(0.1, 1);
});

test("failures on some seeds count, though ranks hardly see them", () => {
  const failing = Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? 0.3 : 0.84 + i / 1000));
  const sound = Array.from({ length: 16 }, (_, i) => 0.835 + i / 1000);
  expect(permutationP(failing, sound)).toBeLessThan(0.02);
  expect(mannWhitneyP(failing, sound)).toBeGreaterThan(0.2);
});

test("equal samples say nothing", () => {
  expect(permutationP([1, 2], [2, 1])).toBe(1);
});
