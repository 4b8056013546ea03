import { expect, test } from "vitest";
import type { TraceRun } from "../trace/trace.ts";
import { curveLine, everyEpoch, parseCurve, trialCurve } from "./trial-curve.ts";

const trial = { index: 7, id: "0123456789abcdef" };

function runOf(loss: readonly number[], parts: Partial<TraceRun> = {}): TraceRun {
  return {
    ...{ id: "", variant: "7", trainingSeed: 0, dataSeed: 0, status: "complete", steps: 1 },
    chance: { loss: 0.69, accuracy: 0.5 },
    signals: { loss: Float32Array.from(loss) },
    ...parts,
  };
}

const curveOf = (...runs: readonly TraceRun[]) => trialCurve(trial, runs);

test("the median of the networks, epoch by epoch, in four digits", () => {
  const curve = curveOf(runOf([3, 1]), runOf([1.23456, 0.5]), runOf([0, 9]));
  expect(curve).toEqual({ ...trial, epochs: [1, 2], medians: { loss: [1.235, 1] } });
  expect(parseCurve(curveLine(curve))).toEqual(curve);
});

test("of a long training a hundred epochs are kept, the first and the last among them", () => {
  const losses = Array.from({ length: 12_345 }, (_, i) => i + 1);
  const { epochs, medians } = curveOf(runOf(losses));
  expect(epochs).toHaveLength(100);
  expect([epochs[0], epochs.at(-1)]).toEqual([1, 12_345]);
  expect(medians.loss!.map((value) => Math.round(value! / 1000))).toEqual(
    epochs.map((epoch) => Math.round(Number(epoch.toPrecision(4)) / 1000)),
  );
  const steps = epochs.slice(1).map((epoch, i) => epoch - epochs[i]);
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
});

test("a diverged network is the worst from there on, and never leaves the median to the others", () => {
  const diverged = runOf([5, Number.NaN], { status: "diverged" });
  expect(curveOf(runOf([3, 2, 1]), diverged, runOf([4, 3, 2])).medians.loss).toEqual([4, 3, 2]);
  expect(curveOf(runOf([3, 2, 1]), diverged, diverged).medians.loss).toEqual([5, null, null]);
  const accuracy = { accuracy: Float32Array.of(0.5, Number.NaN), loss: Float32Array.of(1, 1) };
  const [bad, good] = [
    { signals: accuracy, status: "diverged" as const },
    { signals: { loss: Float32Array.of(1, 1), accuracy: Float32Array.of(0.9, 0.9) } },
  ];
  const { medians } = curveOf(runOf([], bad), runOf([], good), runOf([], bad));
  expect(medians.accuracy).toEqual([0.5, null]);
});

test("a network that stopped early keeps what it had", () => {
  expect(curveOf(runOf([4, 2]), runOf([6, 5, 4])).medians.loss).toEqual([5, 3.5, 3]);
});

test("without a finished epoch there is no point", () => {
  const curve = curveOf(runOf([], { status: "diverged", signals: {} }));
  expect(curve).toEqual({ ...trial, epochs: [], medians: {} });
  expect(everyEpoch(curve, "loss")).toEqual([]);
});

test("between two known epochs lies a straight line, beside an unknown one a gap", () => {
  const curve = { epochs: [1, 3, 5, 6], medians: { loss: [4, 2, null, 1] } };
  expect(everyEpoch(curve, "loss")).toEqual([4, 3, 2, null, null, 1]);
  expect(everyEpoch(curve, "accuracy")).toEqual([null, null, null, null, null, null]);
});

test("what is no curve is no line", () => {
  expect(() => parseCurve("{}")).toThrow("no line");
});
