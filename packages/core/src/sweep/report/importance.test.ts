import { expect, test } from "vitest";
import { uniformAt } from "../../shared/random.ts";
import { importanceOf } from "./importance.ts";

const draw = (index: number) => uniformAt(7, 0, index);

test("a parameter that decides everything has all of it", () => {
  const { share, chance } = importanceOf([
    [0.1, 0.1, 0.1],
    [0.6, 0.6],
    [0.9, 0.9],
  ])!;
  expect(share).toBe(1);
  expect(chance).toBeLessThan(1e-9);
});

test("one that does nothing has nothing, however many levels it has", () => {
  // The plain share of 20 levels would be about 19 of 199 here.
  const shares = Array.from({ length: 40 }, (_, sweep) => {
    const levels = Array.from({ length: 20 }, (_, level) =>
      Array.from({ length: 10 }, (_, i) => draw(1000 * sweep + 10 * level + i)),
    );
    return importanceOf(levels)!;
  });
  const mean = shares.reduce((sum, { share }) => sum + share, 0) / shares.length;
  expect(mean).toBeLessThan(0.03);
  // One in twenty, give or take: 8 of 40 would be one in a thousand.
  expect(shares.filter(({ chance }) => chance < 0.05).length).toBeLessThan(8);
});

test("what a computation by hand gives", () => {
  // SST 17.5, SSW 4 of n 6, k 2: 1 - (4 / 4) / (17.5 / 5) = 5 / 7; F = 13.5, and P(F(1, 4) > 13.5).
  const { share, chance } = importanceOf([
    [1, 2, 3],
    [4, 5, 6],
  ])!;
  expect(share).toBeCloseTo(5 / 7, 12);
  expect(chance).toBeCloseTo(0.0213, 4);
});

test("nothing to compare is told as such", () => {
  expect(importanceOf([[0.1, 0.5, 0.9]])).toBeNull();
  expect(importanceOf([[0.1], [0.5], [0.9]])).toBeNull();
  expect(
    importanceOf([
      [0.5, 0.5],
      [0.5, 0.5],
    ]),
  ).toBeNull();
});
