import type { Engine } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { attachDawn } from "../../test/fallback-tfjs/attach-dawn.ts";
import {
  eventsOf,
  finishedOf,
  largestSignalError,
  populationCase,
} from "../../test/fallback-tfjs/population-case.ts";
import {
  QUANTITIES,
  recordedCases,
  replayErrors,
} from "../../test/fallback-tfjs/recorded-replays.ts";
import { createTfjsEngine } from "./index.ts";

const hasAdapter = await attachDawn();

// WGSL allows exp an error of 3 + 2 |x| units in the last place and a division 2.5, where
// JavaScript's are right to half a unit.
const STEP_TOLERANCE = 64 * 2 ** -24;
const CURVE_TOLERANCE = 1e-5;

describe.skipIf(!hasAdapter)("on tfjs-webgpu", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend: "webgpu", reason: "test" });
  });

  test.each(recordedCases.map((c) => [c.name, c] as const))("%s", async (_name, recordedCase) => {
    const errors = await replayErrors(engine, recordedCase);
    for (const quantity of QUANTITIES) {
      expect(errors[quantity], quantity).toBeLessThanOrEqual(STEP_TOLERANCE);
    }
  });

  test("trains as the reference does, and leaves no tensor", async () => {
    const [plan, datasets] = populationCase();
    const reference = createReferenceEngine({ precision: "float64", reason: "test" });
    const expected = await eventsOf(reference, plan, datasets);
    const before = tf.memory().numTensors;
    const actual = await eventsOf(engine, plan, datasets);
    expect(tf.memory().numTensors).toBe(before);
    expect(largestSignalError(plan, actual, expected)).toBeLessThanOrEqual(CURVE_TOLERANCE);
    expect(finishedOf(actual)).toEqual(finishedOf(expected));
  });

  test("a diverged run freezes and leaves the others alone", async () => {
    const [plan, datasets] = populationCase({
      train: { loss: "meanSquaredError", optimizer: "sgd", epochs: 6, batchSize: 8 },
    });
    const runs = plan.runs.map((run) =>
      run.index === 1
        ? { ...run, hyper: { ...run.hyper, learningRate: 1e30, l2: [1, 1, 1] } }
        : run,
    );
    const float32 = createReferenceEngine({ reason: "test" });
    const expected = await eventsOf(float32, { ...plan, runs }, datasets);
    const actual = await eventsOf(engine, { ...plan, runs }, datasets);
    expect(finishedOf(actual)).toEqual(finishedOf(expected));
  });
});
