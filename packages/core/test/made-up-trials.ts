// Records of a sweep whose values are a function of its parameters, as if they had been trained.

import type { Sweep } from "../src/sweep/sweep.ts";
import type { TrialCurve } from "../src/sweep/trial-curve.ts";
import type { TrialRecord } from "../src/sweep/trial-record.ts";
import { drawTrial, runsPerTrial, trialCount } from "../src/sweep/trials.ts";

/** A curve that comes to the value of its trial; null where that has none. */
export function madeUpCurve({ index, id, epochs, value }: TrialRecord): TrialCurve {
  const at = (share: number) => (value === null ? null : value + 1 - share);
  const listed = Array.from({ length: epochs }, (_, i) => i + 1);
  const valLoss = listed.map((epoch) => at(epoch / epochs));
  return { index, id, epochs: listed, medians: { loss: listed.map(() => 0.5), valLoss } };
}

type Params = TrialRecord["params"];

/** Of validation losses; null: a network of the trial diverged. Seeds differ by a thousandth. */
export function* madeUpTrials(
  sweep: Sweep,
  lossOf: (params: Params, index: number) => number | null,
  partsOf: (params: Params, index: number) => Partial<TrialRecord> = () => ({}),
): Generator<TrialRecord, void> {
  const networks = runsPerTrial(sweep);
  for (let index = 0; index < trialCount(sweep); index++) {
    const { id, params } = drawTrial(sweep, index);
    const loss = lossOf(params, index);
    const runs = Array.from({ length: networks }, (_, i) => {
      const valLoss = loss === null && i === 0 ? null : (loss ?? 1) + i / 1000;
      const metrics = { loss: valLoss, accuracy: 0.5, valLoss, valAccuracy: 0.5 };
      return {
        ...{ trainingSeed: i, dataSeed: 0, epochs: 6, steps: 18, bestEpoch: 5 },
        state: valLoss === null ? ("diverged" as const) : ("complete" as const),
        final: metrics,
        best: metrics,
      };
    });
    yield {
      ...{ index, id, params, epochs: 6, engine: "cpu", adapter: "none", runs },
      state: loss === null ? "diverged" : "complete",
      value: loss === null ? null : loss + (networks - 1) / 2000,
      ...partsOf(params, index),
    };
  }
}
