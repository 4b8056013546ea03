import { expect, test } from "vitest";
import { cutsOf, kept } from "./rungs.ts";

test("the cuts of Weights & Biases' hyperband", () => {
  // Its documentation: min_iter 3 gives 3, 9, 27, 81; max_iter 27 with s 2 gives 3 and 9.
  expect(cutsOf({ kind: "from", minEpochs: 3, eta: 3 }, 100, 100)).toEqual([3, 9, 27, 81]);
  expect(cutsOf({ kind: "below", maxEpochs: 27, brackets: 2, eta: 3 }, 100, 100)).toEqual([3, 9]);
});

test("no cut lies at the end or behind it", () => {
  expect(cutsOf({ kind: "from", minEpochs: 3, eta: 3 }, 100, 27)).toEqual([3, 9]);
  expect(cutsOf({ kind: "from", minEpochs: 50, eta: 3 }, 100, 27)).toEqual([]);
  expect(cutsOf({ kind: "halving", eta: 3 }, 1000, 2)).toEqual([1]);
});

test("halving cuts as often as leaves one trial", () => {
  const rungs = { kind: "halving", eta: 3 } as const;
  expect(cutsOf(rungs, 27, 81)).toEqual([3, 9, 27]);
  expect(cutsOf(rungs, 26, 81)).toEqual([9, 27]);
  expect(cutsOf(rungs, 2, 81)).toEqual([]);
  let trials = 27;
  for (const _ of cutsOf(rungs, 27, 81)) trials = kept(trials, 3);
  expect(trials).toBe(1);
});

test("one of eta goes on, and never none", () => {
  expect([1, 2, 3, 4, 9, 10].map((trials) => kept(trials, 3))).toEqual([1, 1, 1, 2, 3, 4]);
  expect(kept(10, 2.5)).toBe(4);
});
