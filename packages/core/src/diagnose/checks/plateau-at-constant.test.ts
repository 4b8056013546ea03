import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const loss = (...values: number[]) => ({ curves: { loss: values, accuracy: [0.5] } });

test("ln 2, or the entropy of the classes' shares", () => {
  expect(diagnoseLines("plateau-at-constant", { runs: [loss(0.71, 0.6932)] })).toEqual([
    "error at train: The training loss ends at 0.693, what answering all classes evenly to every row costs, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const chance = { loss: 0.47, accuracy: 0.82 };
  const shares = { runs: [loss(0.6, 0.468)], chance, classCounts: [246, 54] };
  expect(diagnoseLines("plateau-at-constant", shares)).toEqual([
    "error at train: The training loss ends at 0.470, what answering the classes' shares to every row costs, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("3% below it something is learned, and far above it is another failure", () => {
  expect(diagnoseLines("plateau-at-constant", { runs: [loss(0.71, 0.672)] })).toEqual([]);
  expect(diagnoseLines("plateau-at-constant", { runs: [loss(0.71, 0.9)] })).toEqual([]);
});

test("neither penalties nor dropout count as a failure to learn", () => {
  const penalized = { curves: { loss: [0.9, 0.7], regularizationLoss: [0.3, 0.3] } };
  const dropped = { curves: { loss: [0.7, 0.69], inferenceLoss: [0.69, 0.3] } };
  expect(diagnoseLines("plateau-at-constant", { runs: [penalized] })).toEqual([]);
  expect(diagnoseLines("plateau-at-constant", { runs: [dropped] })).toEqual([]);
});
