import { expect, test } from "vitest";
import { type LearningRateSchedule, learningRateSchema } from "../spec/learning-rate-schedule.ts";
import { learningRateAt, learningRateTable } from "./learning-rate-at.ts";

/** Rates at a few steps, as a person would check them by hand. */
function ratesOf(schedule: Record<string, unknown>, steps: readonly number[]): number[] {
  const parsed = learningRateSchema.parse(schedule) as LearningRateSchedule;
  return steps.map((step) => Number(learningRateAt(parsed, step).toPrecision(6)));
}

test("piecewise constant changes after each boundary", () => {
  const schedule = { schedule: "piecewiseConstant", boundaries: [10, 20], values: [1, 0.5, 0.1] };
  expect(ratesOf(schedule, [0, 10, 11, 20, 21])).toEqual([1, 1, 0.5, 0.5, 0.1]);
});

test("exponential quarters every ten steps, or only then with staircase", () => {
  const schedule = { schedule: "exponential", initial: 1, decaySteps: 10, decayRate: 0.25 };
  expect(ratesOf(schedule, [0, 5, 10, 20])).toEqual([1, 0.5, 0.25, 0.0625]);
  expect(ratesOf({ ...schedule, staircase: true }, [0, 9, 10, 20])).toEqual([1, 1, 0.25, 0.0625]);
});

test("inverse time", () => {
  const schedule = { schedule: "inverseTime", initial: 1, decaySteps: 1, decayRate: 0.5 };
  expect(ratesOf(schedule, [0, 1, 2, 4])).toEqual([1, 0.666667, 0.5, 0.333333]);
});

test("polynomial falls to its end and stays, or starts a longer cycle", () => {
  const schedule = { schedule: "polynomial", initial: 1, decaySteps: 10, end: 0.2 };
  expect(ratesOf(schedule, [0, 5, 10, 30])).toEqual([1, 0.6, 0.2, 0.2]);
  expect(ratesOf({ ...schedule, cycle: true }, [10, 15, 20])).toEqual([0.2, 0.4, 0.2]);
});

test("cosine, with and without warm-up", () => {
  const schedule = { schedule: "cosine", initial: 1, decaySteps: 10, alpha: 0.1 };
  expect(ratesOf(schedule, [0, 5, 10, 99])).toEqual([1, 0.55, 0.1, 0.1]);
  const warm = { schedule: "cosine", initial: 0, warmupTarget: 1, warmupSteps: 4, decaySteps: 10 };
  expect(ratesOf(warm, [0, 2, 4, 9, 14])).toEqual([0, 0.5, 1, 0.5, 0]);
});

test("cosine restarts: the second period is twice as long and starts lower", () => {
  const schedule = { schedule: "cosineRestarts", initial: 1, firstDecaySteps: 10, mMul: 0.5 };
  expect(ratesOf(schedule, [0, 5, 10, 20, 30])).toEqual([1, 0.5, 0.5, 0.25, 0.25]);
  expect(ratesOf({ ...schedule, tMul: 1 }, [0, 10, 15, 20])).toEqual([1, 0.5, 0.25, 0.25]);
});

test("one cycle rises to its peak and ends at almost nothing", () => {
  const schedule = { schedule: "oneCycle", peak: 1, totalSteps: 101, upShare: 0.5 };
  const rates = ratesOf(schedule, [0, 49, 50, 100]);
  expect(rates[0]).toBe(0.04);
  expect(rates[1]).toBeGreaterThan(0.99);
  expect(rates[3]).toBe(0.000004);
});

test("a constant is a table of one", () => {
  expect(learningRateTable(0.5, 1000)).toEqual(Float32Array.of(0.5));
  const schedule = learningRateSchema.parse({
    schedule: "exponential",
    initial: 1,
    decaySteps: 1,
    decayRate: 0.5,
  });
  expect([...learningRateTable(schedule, 4)]).toEqual([1, 0.5, 0.25, 0.125]);
});
