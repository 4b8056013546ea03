import { describe, expect, test } from "vitest";
import { holm, mcNemarP, pairedDifference, signFlipP } from "./paired.ts";

const none = { treated: [], baseline: [] };

describe("the sign-flip test", () => {
  test("counts the patterns that are as extreme", () => {
    // Of 8 patterns of 1, 2, 3 only +++ and --- reach a sum of 6.
    expect(signFlipP([1, 2, 3])).toBe(2 / 8);
    expect(signFlipP([1, -1, 2, -2])).toBe(1);
    expect(signFlipP([0, 0])).toBe(1);
    expect(signFlipP([])).toBe(1);
  });

  test("beyond sixteen pairs agrees with the t distribution", () => {
    const differences = Array.from({ length: 20 }, (_, i) => Math.sin(i) + 0.4);
    const few = signFlipP(differences.slice(0, 16));
    const many = signFlipP(differences);
    expect(few).toBeGreaterThan(0);
    expect(many).toBeLessThan(0.2);
    expect(signFlipP(Array.from({ length: 20 }, () => 0.3))).toBeLessThan(1e-12);
  });
});

test("McNemar is the binomial test of the discordant pairs", () => {
  expect(mcNemarP(0, 0)).toBe(1);
  expect(mcNemarP(5, 0)).toBeCloseTo(2 / 32, 12);
  // P(Bin(8, 1/2) <= 1) = 9 / 256, twice.
  expect(mcNemarP(1, 7)).toBeCloseTo(18 / 256, 12);
  expect(mcNemarP(3, 3)).toBe(1);
});

test("Holm multiplies the smallest by all, and keeps the order", () => {
  expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test("a change that mends failures is seen where the mean is not", () => {
  const baseline = Array.from({ length: 16 }, (_, i) => (i < 8 ? 0.5 : 0.83 + 0.02 * (i % 2)));
  const treated = Array.from({ length: 16 }, (_, i) => (i < 8 ? 0.52 : 0.83 - 0.01 * (i % 2)));
  const failed = {
    baseline: baseline.map((value) => value < 0.51),
    treated: treated.map(() => false),
  };
  const { n, p } = pairedDifference(treated, baseline, failed);
  expect(n).toBe(16);
  expect(p).toBeCloseTo(2 * (2 / 2 ** 8), 12);
});

test("failures on the other side than the mean prove nothing of it", () => {
  // Better on average, and it fails where the unchanged network did not.
  const baseline = Array.from({ length: 16 }, () => 0.6);
  const treated = Array.from({ length: 16 }, (_, i) => (i < 8 ? 0.3 : 0.99));
  const failed = {
    baseline: baseline.map(() => false),
    treated: treated.map((value) => value < 0.5),
  };
  const better = pairedDifference(treated, baseline, failed);
  expect(better.effect).toBeGreaterThan(0);
  expect(better.p).toBeGreaterThan(0.5);
  const worse = pairedDifference(
    treated.map((value) => value - 0.1),
    baseline,
    failed,
  );
  expect(worse.effect).toBeLessThan(0);
  expect(worse.p).toBeCloseTo(2 * (2 / 2 ** 8), 12);
});

test("effect and interval are those of the differences", () => {
  const { effect, interval } = pairedDifference([3, 4, 5], [1, 2, 2], none);
  expect(effect).toBeCloseTo(7 / 3, 12);
  // t(0.975, 2) = 4.3027, sd = 0.57735, sqrt(3).
  expect(interval![0]).toBeCloseTo(7 / 3 - (4.302653 * 0.5773503) / Math.sqrt(3), 5);
});
