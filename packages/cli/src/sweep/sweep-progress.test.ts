import type { TrialRecord } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { type SweepState, sweepCurveLines, sweepProgressText } from "./sweep-progress.ts";

const START: SweepState = {
  ...{ name: "lr", total: 1000, done: 0, own: 0, inChunk: 0, seconds: 0 },
  ...{ best: undefined, metric: "valLoss", engine: "cpu" },
};

test("before the first trial there is no rate, no time left and no best", () => {
  expect(sweepProgressText(START)).toBe("lr  0/1,000 trials  0%  cpu");
});

test("the rate is that of this process, whatever was done before", () => {
  const best = {
    value: 0.41234,
    params: { lr: 0.01, act: "\u001b[31mred" },
  } as unknown as TrialRecord;
  const state = { ...START, done: 600, own: 100, inChunk: 50, seconds: 30, best };
  expect(sweepProgressText(state)).toBe(
    "lr  600/1,000 trials  65%  5 trials/s  1:10 left  best valLoss 0.412 (lr=0.01 act=\\u001b[31mred)  cpu",
  );
});

test("below it the curve of the best trial, and of the best in training", () => {
  const best = { index: 7, value: 0.1, params: { lr: 0.01 } } as unknown as TrialRecord;
  const curve = {
    ...{ index: 7, id: "", epochs: [1, 50, 100] },
    medians: { valLoss: [0.7, 0.2, 0.1], loss: [9, 9, 9] },
  };
  const ahead = [{ params: { lr: 1 }, epochs: 12, values: [0.7, null, 0.65] }];
  expect(sweepCurveLines({ best, metric: "valLoss" }, curve, ahead)).toEqual([
    "  best  ▇▃▂                       valLoss 0.700 to 0.100, epoch 100  lr=0.01",
    "  now   █ ▂                       valLoss 0.700 to 0.650, epoch 12  lr=1",
  ]);
});

test("a curve that is not the best's is not shown as such, nor one without a finite value", () => {
  const best = { index: 8, value: 0.1, params: {} } as unknown as TrialRecord;
  const curve = { index: 7, id: "", epochs: [1], medians: { valLoss: [0.7] } };
  const diverged = [{ params: {}, epochs: 1, values: [null] }];
  expect(sweepCurveLines({ best, metric: "valLoss" }, curve, diverged)).toEqual([]);
  expect(sweepCurveLines({ best: undefined, metric: "loss" }, undefined, [])).toEqual([]);
});
