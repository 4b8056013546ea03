import { expect, test } from "vitest";
import type { EarlyStopping as Settings } from "../compile/plan.ts";
import { EarlyStopping } from "./early-stopping.ts";

/** The epoch after which it stops, and the best epoch by then; epochs count from 0. */
function stopOf(settings: Partial<Settings>, values: number[]) {
  const callback = new EarlyStopping({
    monitor: "valLoss",
    patience: 0,
    minDelta: 0,
    restoreBest: true,
    ...settings,
  });
  let best = -1;
  for (const [epoch, value] of values.entries()) {
    callback.see(value);
    if (callback.isBest) best = epoch;
    if (callback.stops) return { stop: epoch, best };
  }
  return { stop: null, best };
}

test("without patience the first epoch that is no better ends the run", () => {
  expect(stopOf({}, [3, 2, 2.5, 1])).toEqual({ stop: 2, best: 1 });
  expect(stopOf({}, [3, 3, 1])).toEqual({ stop: 1, best: 0 });
  expect(stopOf({}, [3, 2, 1])).toEqual({ stop: null, best: 2 });
});

test("patience counts epochs since the best one", () => {
  expect(stopOf({ patience: 2 }, [3, 4, 2, 4, 3, 1])).toEqual({ stop: 4, best: 2 });
  expect(stopOf({ patience: 3 }, [3, 4, 2, 4, 3, 1])).toEqual({ stop: null, best: 5 });
});

test("what is better by less than minDelta is no better, and the best stays where it is", () => {
  expect(stopOf({ minDelta: 0.5, patience: 2 }, [3, 2.7, 2.4, 2.2, 2])).toEqual({
    stop: 4,
    best: 2,
  });
  expect(stopOf({ minDelta: 0.5, patience: 1 }, [3, 2.5])).toEqual({ stop: 1, best: 0 });
});

test("accuracies rise", () => {
  expect(stopOf({ monitor: "valAccuracy" }, [0.5, 0.6, 0.6])).toEqual({ stop: 2, best: 1 });
});

test("NaN is never better, yet never ends a run after its first epoch", () => {
  expect(stopOf({}, [Number.NaN, Number.NaN])).toEqual({ stop: 1, best: 0 });
  expect(stopOf({}, [Number.NaN, 7])).toEqual({ stop: null, best: 1 });
});
