import { expect, test } from "vitest";
import { type Pairing, pairsOf, type RoundIndex } from "./pairs.ts";

const ROUNDS: readonly RoundIndex[] = [0, 1, 2];
const counts = (pairing: Pairing, hasFolds: boolean) =>
  ROUNDS.map((round) => {
    const { seeds, folds } = pairsOf(round, pairing, hasFolds);
    return seeds.length * (folds?.length ?? 1);
  });

test("luck asks for more pairs, and what is dear can afford fewer", () => {
  expect(counts({ isLucky: false, isDear: false }, true)).toEqual([2, 4, 10]);
  expect(counts({ isLucky: true, isDear: false }, true)).toEqual([6, 8, 10]);
  expect(counts({ isLucky: false, isDear: true }, true)).toEqual([2, 2, 4]);
  expect(counts({ isLucky: true, isDear: true }, true)).toEqual([2, 4, 10]);
});

test("without folds there are as many seeds as there were pairs, and no seed twice", () => {
  for (const isLucky of [false, true]) {
    for (const isDear of [false, true]) {
      const pairing = { isLucky, isDear };
      expect(counts(pairing, false)).toEqual(counts(pairing, true));
      const seeds = ROUNDS.flatMap((round) => pairsOf(round, pairing, false).seeds);
      expect(new Set(seeds).size).toBe(seeds.length);
    }
  }
});
