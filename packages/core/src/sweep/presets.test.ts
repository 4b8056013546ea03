import { expect, test } from "vitest";
import { simd, sweptSpec } from "../../test/sweep-of.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { parseSweep } from "./parse-sweep.ts";
import { presetSweep } from "./presets.ts";
import { runChunk } from "./run-chunk.ts";
import { runsPerTrial, trialCount } from "./trials.ts";

const spec = parseSpec(sweptSpec);

test("lr-range tries the rates that the optimizer could have, for a few hundred steps", () => {
  const sweep = parseSweep({ method: "grid", ...presetSweep("lr-range", spec) });
  expect(trialCount(sweep)).toBe(13);
  expect(sweep.metric).toEqual({ name: "loss", goal: "minimize" });
  // 18 training rows in batches of 8 are 3 steps an epoch.
  expect(sweep.spec.train.epochs).toBe(67);
  const sgd = parseSpec({ ...sweptSpec, train: { ...sweptSpec.train, optimizer: "sgd" } });
  const [{ from }] = parseSweep({ method: "grid", ...presetSweep("lr-range", sgd) }).parameters;
  expect(from).toMatchObject({ kind: "values", values: expect.arrayContaining([10]) });
});

test("k-fold is one trial over folds and seeds, or others varied over them", async () => {
  const alone = parseSweep({ method: "grid", ...presetSweep("k-fold", spec) });
  expect([trialCount(alone), runsPerTrial(alone)]).toEqual([1, 10]);
  const varied = parseSweep({
    method: "grid",
    ...presetSweep("k-fold", spec),
    parameters: { lr: [0.1, 0.01] },
  });
  const { records } = await runChunk(varied, 0, simd);
  expect(records.map(({ runs }) => new Set(runs.map(({ dataSeed }) => dataSeed)).size)).toEqual([
    5, 5,
  ]);
});

test("folds that the spec has stay", () => {
  const folded = parseSpec({ ...sweptSpec, data: { ...sweptSpec.data, split: { folds: 3 } } });
  expect(runsPerTrial(parseSweep({ method: "grid", ...presetSweep("k-fold", folded) }))).toBe(6);
});
