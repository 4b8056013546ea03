import { expect, test } from "vitest";
import type { ReduceOnPlateau as Settings } from "../compile/plan.ts";
import { ReduceOnPlateau } from "./reduce-on-plateau.ts";

/** The factor after each epoch. */
function factors(settings: Partial<Settings>, values: number[], planned = 1): number[] {
  const callback = new ReduceOnPlateau({
    monitor: "valLoss",
    factor: 0.5,
    patience: 2,
    minDelta: 0,
    cooldown: 0,
    minLearningRate: 0,
    ...settings,
  });
  return values.map((value) => {
    callback.see(value, planned);
    return callback.factor;
  });
}

test("the rate falls after `patience` epochs without a better value, and again as many later", () => {
  expect(factors({}, [2, 1, 1, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
  expect(factors({}, [2, 3, 1, 3, 0])).toEqual([1, 1, 1, 1, 1]);
});

test("in cooldown no epoch is counted", () => {
  expect(factors({ cooldown: 2 }, [1, 1, 1, 1, 1, 1])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25]);
});

test("a value has to be better by more than minDelta", () => {
  expect(factors({ minDelta: 0.1, patience: 1 }, [1, 0.95, 0.8])).toEqual([1, 0.5, 0.5]);
});

test("accuracies rise", () => {
  expect(factors({ monitor: "accuracy", patience: 1 }, [0.5, 0.6, 0.6])).toEqual([1, 1, 0.5]);
});

test("the rate never falls below its minimum, and what is there does not fall", () => {
  expect(factors({ patience: 1, minLearningRate: 3 }, [1, 1, 1], 8)).toEqual([1, 0.5, 0.375]);
  expect(factors({ patience: 1, minLearningRate: 3 }, [1, 1], 2)).toEqual([1, 1]);
});
