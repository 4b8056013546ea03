import { expect, test } from "vitest";
import { permutationKeys, permutedIndex, threefry2x32, uniformAt } from "./random.ts";

// Known-answer vectors published with Random123 (kat_vectors, threefry2x32 with 20 rounds).
test.each([
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x13198a2e, 0x03707344],
    [0x243f6a88, 0x85a308d3],
    [0xc4923a9c, 0x483df7a0],
  ],
])("threefry of key %j and counter %j", (key, counter, expected) => {
  const words = threefry2x32(key[0], key[1], counter[0], counter[1]);
  expect([...words]).toEqual(expected);
});

test.each([1, 2, 3, 5, 31, 32, 33, 800])("the permutation of %i rows visits each row once", (n) => {
  const keys = permutationKeys(7, 3, n);
  const seen = new Set(Array.from({ length: n }, (_, i) => permutedIndex(keys, i, n)));
  expect(seen.size).toBe(n);
  expect(Math.max(...seen)).toBe(n - 1);
});

test("all 120 orders of five rows are equally likely", () => {
  const counts = new Map<string, number>();
  const draws = 24_000;
  for (let epoch = 0; epoch < draws; epoch++) {
    const keys = permutationKeys(42, epoch, 5);
    const order = [0, 1, 2, 3, 4].map((i) => permutedIndex(keys, i, 5)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const expected = draws / 120;
  let chiSquare = 0;
  for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected;
  expect(counts.size).toBe(120);
  // 119 degrees of freedom: the 99.9 % point is 172.
  expect(chiSquare).toBeLessThan(172);
});

test("uniform numbers have the mean and spread of a uniform distribution", () => {
  const values = Array.from({ length: 4096 }, (_, i) => uniformAt(1, 2, i));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(variance).toBeCloseTo(1 / 12, 2);
});

test("neighbours among 800 rows land at independent places", () => {
  const count = 800;
  const draws = 20_000;
  const distances = new Float64Array(count);
  for (let epoch = 0; epoch < draws; epoch++) {
    const keys = permutationKeys(7, epoch, count);
    const distance = permutedIndex(keys, 0, count) - permutedIndex(keys, 1, count);
    distances[(distance + count) % count]++;
  }
  const expected = draws / (count - 1);
  let chiSquare = 0;
  for (let d = 1; d < count; d++) chiSquare += (distances[d] - expected) ** 2 / expected;
  // 798 degrees of freedom: the 99.9 % point is 926.
  expect(chiSquare).toBeLessThan(926);
});
