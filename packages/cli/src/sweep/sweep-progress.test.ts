import type { TrialRecord } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { type SweepState, sweepProgressText } from "./sweep-progress.ts";

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
