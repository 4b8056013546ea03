import type { LiveCurve, LiveCurves } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { curveLines, progressText } from "./progress-line.ts";

const start = {
  kind: "progress",
  done: 18,
  total: 117,
  stepsDone: 0,
  stepsTotal: 0,
  seconds: 0,
} as const;

test("before the first steps there is no rate and no time left", () => {
  expect(progressText("article-2", "cpu", start)).toBe("article-2  18/117 networks  cpu");
});

test("rate and time left follow from the steps so far", () => {
  const quarter = { ...start, stepsDone: 50_000, stepsTotal: 200_000, seconds: 25 };
  expect(progressText("article-2", "cpu", quarter)).toBe(
    "article-2  18/117 networks  25%  2,000 steps/s  1:15 left  cpu",
  );
});

test("a line for each variant that has begun, six at most, and no name steers the terminal", () => {
  const curves: LiveCurve[] = [
    { variant: "quick", epochs: 1200, values: [0.7, 0.3, 0.01, 0.001] },
    { variant: "\u001b[31mslow", epochs: 4, values: [0.7, 0.7, 0.7, 0.7] },
  ];
  const live = (all: readonly LiveCurve[]) => ({ all: () => all }) as unknown as LiveCurves;
  expect(curveLines(live(curves))).toEqual([
    "  quick           █▇▃▁                      loss 0.700 to 0.00100, epoch 1,200",
    "  \\u001b[31mslow  ▄▄▄▄                      loss 0.700 to 0.700, epoch 4",
  ]);
  expect(curveLines(live(new Array(9).fill(curves[0])))).toHaveLength(6);
});
