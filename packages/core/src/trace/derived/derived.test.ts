import { describe, expect, test } from "vitest";
import { type Curves, runOf } from "../../../test/trace-of.ts";
import type { TraceRun } from "../trace.ts";
import type { LayerColumns } from "../trace-event.ts";
import { balancedAccuracy, predictedShares, recalls } from "./confusion.ts";
import {
  bestEpoch,
  generalizationGap,
  gradientNoise,
  inferenceGap,
  penaltyShare,
} from "./epochs.ts";
import { gradientRatios, latestMedians, updateRatios } from "./layers.ts";
import { holdsSince, latestMedian, trailingMedian, trend } from "./series.ts";

const NAN = Number.NaN;

describe("series", () => {
  test("medians leave out what is not finite", () => {
    expect([...trailingMedian([5, 1, NAN, 3, 9], 3)]).toEqual([5, 3, 3, 2, 6]);
    expect(latestMedian([1, 2, Number.POSITIVE_INFINITY, 8], 3)).toBe(5);
    expect(latestMedian([1, NAN], 1)).toBeUndefined();
    expect(latestMedian([], 4)).toBeUndefined();
  });

  test("since when: the last stretch, not an earlier one", () => {
    const isHigh = (value: number) => value > 0.5;
    expect(holdsSince([1, 0, 1, 1], isHigh)).toBe(2);
    expect(holdsSince([1, 1], isHigh)).toBe(0);
    expect(holdsSince([1, 0], isHigh)).toBeUndefined();
    expect(holdsSince([], isHigh)).toBeUndefined();
  });

  test("the trend is least squares with its standard error", () => {
    const straight = trend([1, 3, 5, NAN, 9])!;
    expect(straight.slope).toBeCloseTo(2, 12);
    expect(straight.standardError).toBeCloseTo(0, 6);
    // x = 0, 1, 2, 3 and y = 0, 1, 1, 2: slope 3/5, residuals -0.1, 0.3, -0.3, 0.1.
    const noisy = trend([0, 1, 1, 2])!;
    expect(noisy.slope).toBeCloseTo(0.6, 12);
    expect(noisy.standardError).toBeCloseTo(Math.sqrt(0.2 / 2 / 5), 12);
    expect(trend([9, 9, 9, 1, 2, 3], 3)?.slope).toBeCloseTo(1, 12);
    expect(trend([1, 2])).toBeUndefined();
  });
});

function probed(layers: LayerColumns[]): TraceRun {
  const run = runOf("wide", 0, 0, { loss: [1] });
  return { ...run, probes: { asked: [], everySteps: 10, layers, confusions: [] } };
}

describe("layers", () => {
  const run = probed([
    { updateNorm: Float32Array.of(0, 1), weightNorm: Float32Array.of(0, 4) },
    { updateNorm: Float32Array.of(3, 3) },
  ]);

  test("update over weight, where both were measured", () => {
    expect(updateRatios(run)).toEqual([
      { layer: 0, everySteps: 10, values: Float32Array.of(0, 0.25) },
    ]);
    expect(updateRatios(probed([{ updateNorm: Float32Array.of(1) }]))).toBeUndefined();
    expect(updateRatios(runOf("bare", 0, 0, { loss: [1] }))).toBeUndefined();
  });

  test("gradients are compared with the output layer's", () => {
    const gradients = [1e-6, 1e-2, 0.5].map((norm) => ({ gradientNorm: Float32Array.of(norm, 0) }));
    const ratios = gradientRatios(probed(gradients))!;
    expect(ratios.map(({ values }) => values[0])).toEqual([
      expect.closeTo(2e-6, 12),
      expect.closeTo(0.02, 8),
      1,
    ]);
    expect(ratios.map(({ values }) => values[1])).toEqual([0, 0, 0]);
  });

  test("latest medians name the last probed step", () => {
    const dead = probed([{ deadShare: Float32Array.of(0, 0, 0.4, 0.6) }, {}]);
    expect(latestMedians(dead, "deadShare", 2)).toEqual([
      { layer: 0, step: 30, value: expect.closeTo(0.5, 6) },
    ]);
    expect(latestMedians(dead, "saturatedShare", 2)).toBeUndefined();
  });
});

describe("epochs", () => {
  const of = (curves: Curves) => runOf("wide", 0, 0, curves);

  test("differences and shares, undefined where a part of them is missing", () => {
    const run = of({
      loss: [1, 0.5],
      valLoss: [1.5, 2],
      regularizationLoss: [0.25, 0],
      inferenceLoss: [0.75, 0.25],
      gradientNormMean: [2, 0],
      gradientNormVariance: [1, 0],
    });
    expect(generalizationGap(run)).toEqual(Float32Array.of(0.75, 1.75));
    expect(generalizationGap(of({ loss: [1], valLoss: [3] }))).toEqual(Float32Array.of(2));
    expect(inferenceGap(run)).toEqual(Float32Array.of(-0.25, -0.25));
    expect(penaltyShare(run)).toEqual(Float32Array.of(0.25, 0));
    expect(gradientNoise(run)).toEqual(Float32Array.of(0.5, 0));
    for (const derive of [generalizationGap, inferenceGap, penaltyShare, gradientNoise]) {
      expect(derive(of({ loss: [1] }))).toBeUndefined();
    }
  });

  test("the best epoch is the first of equals and never one that is not finite", () => {
    expect(bestEpoch(of({ loss: [NAN, 2, 1, 1] }), "loss")).toBe(2);
    expect(bestEpoch(of({ accuracy: [0.2, 0.9, 0.9] }), "accuracy")).toBe(1);
    expect(bestEpoch(of({ loss: [NAN] }), "loss")).toBeUndefined();
    expect(bestEpoch(of({ loss: [1] }), "valLoss")).toBeUndefined();
  });
});

test("a majority predictor: all rows for one class, balanced accuracy 1 / K", () => {
  const counts = Uint32Array.of(0, 8, 0, 0, 2, 0, 0, 0, 0);
  const confusion = { signal: "valConfusion", epoch: 3, classes: 3, counts } as const;
  expect(predictedShares(confusion)).toEqual([0, 1, 0]);
  expect(recalls(confusion)).toEqual([0, 1, undefined]);
  expect(balancedAccuracy(confusion)).toBe(0.5);
});
