import { expect, test } from "vitest";
import { type Pairing, pairsOf, type RoundIndex } from "./pairs.ts";

const ROUNDS: readonly RoundIndex[] = [0, 1, 2];
const counts = (pairing: Pairing, hasFolds: boolean) =>
  ROUNDS.map((round) => {
    const { seeds, folds } = pairsOf(round, pairing, hasFolds);
    return seeds.length * (folds?.length ?? 1);
  });

test("luck asks for more pairs, and what is dear can afford fewer", () => {
  const affordable = 3;
  expect(counts({ isLucky: false, isDear: false, affordable }, true)).toEqual([2, 4, 10]);
  expect(counts({ isLucky: true, isDear: false, affordable }, true)).toEqual([6, 8, 10]);
  expect(counts({ isLucky: false, isDear: true, affordable }, true)).toEqual([2, 2, 4]);
  expect(counts({ isLucky: true, isDear: true, affordable }, true)).toEqual([2, 4, 10]);
});

test("the last doubts have as many pairs as take no time, up to forty", () => {
  const pairing = { isLucky: false, isDear: false };
  expect(counts({ ...pairing, affordable: 25 }, true)).toEqual([2, 4, 24]);
  expect(counts({ ...pairing, affordable: 1000 }, true)).toEqual([2, 4, 40]);
});

test("without folds there are as many seeds as there were pairs, and no seed twice", () => {
  for (const isLucky of [false, true]) {
    for (const isDear of [false, true]) {
      for (const affordable of [3, 1000]) {
        const pairing = { isLucky, isDear, affordable };
        expect(counts(pairing, false)).toEqual(counts(pairing, true));
        const seeds = ROUNDS.flatMap((round) => pairsOf(round, pairing, false).seeds);
        expect(new Set(seeds).size).toBe(seeds.length);
      }
    }
  }
});
