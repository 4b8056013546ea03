// What the tfjs engine measures against what the reference measures of the same training.

import { type Engine, latestConfusion, PROBES, unmeasuredProbes } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { beforeAll, describe, expect, test } from "vitest";
import { expectSameProbes } from "../../test/expect-same-probes.ts";
import { PROBED_NETWORKS, probedPlan, tracedRuns } from "../../test/probed-plan.ts";
import { startTfjsEngine } from "./tfjs-engine.ts";

const reference = createReferenceEngine({ precision: "float64", reason: "test" });
const MEASURED = PROBES.filter((probe) => probe !== "firstNonFinite");

let engine: Engine;
beforeAll(async () => {
  engine = await startTfjsEngine({ backend: "cpu", reason: "test" });
});

describe.each(Object.entries(PROBED_NETWORKS))("%s", (_, setting) => {
  const probes = { signals: MEASURED, everySteps: 2 };

  test("is measured as the reference does", async () => {
    const plan = probedPlan({ ...setting, probes });
    const [actual, expected] = [await tracedRuns(plan, engine), await tracedRuns(plan, reference)];
    expected.forEach((run, i) => {
      expectSameProbes(actual[i], run);
    });
  });

  test("is left alone by what measures it", async () => {
    const bare = await tracedRuns(probedPlan({ ...setting, probes: null }), engine);
    const measured = await tracedRuns(probedPlan({ ...setting, probes }), engine);
    bare.forEach((run, i) => {
      expect(measured[i].signals).toMatchObject(run.signals);
      expect(run).not.toHaveProperty("probes");
    });
  });
});

test("a network that diverges is measured up to there, and its neighbours to their end", async () => {
  const { spec, plan, datasets } = probedPlan({
    layers: [{ units: 4 }, { units: 1 }],
    train: { loss: "meanSquaredError", epochs: 40 },
    probes: { signals: MEASURED, everySteps: 1, everyEpochs: 50 },
  });
  const runs = plan.runs.map((run, i) =>
    i === 1 ? { ...run, hyper: { ...run.hyper, learningRate: 0.8 } } : run,
  );
  const changed = { spec, plan: { ...plan, runs }, datasets };
  const [actual, expected] = [
    await tracedRuns(changed, engine),
    await tracedRuns(changed, reference),
  ];
  expect(actual.map(({ status }) => status)).toEqual(["complete", "diverged"]);
  expect(actual[0].probes!.layers[0].weightNorm).toHaveLength(actual[0].steps);
  // Where its numbers leave float32 the engines need not agree on the step.
  const { length } = actual[1].probes!.layers[0].weightNorm!;
  expect(length).toBe(actual[1].steps);
  expect(length).toBeGreaterThan(3);
  expect(latestConfusion(actual[0], "valConfusion")).toEqual(
    latestConfusion(expected[0], "valConfusion"),
  );
  expect(latestConfusion(actual[1], "confusion")!.epoch).toBe(actual[1].signals.loss!.length - 1);
});

test("layers over images are measured too, those that have a kernel by it", async () => {
  const { spec, plan, datasets } = probedPlan({
    inputShape: [4, 4, 1],
    layers: [
      { type: "conv2d", filters: 3, kernelSize: 2, activation: "relu" },
      { type: "maxPooling2d", poolSize: 2 },
      { type: "flatten" },
      { units: 1, activation: "sigmoid" },
    ],
    probes: { signals: MEASURED, everySteps: 2 },
  });
  const [run] = await tracedRuns({ spec, plan, datasets }, engine);
  const [convolution, pooling] = run.probes!.layers;
  expect(convolution.weightNorm![0]).toBeGreaterThan(0);
  expect(convolution.deadShare![0]).toBeLessThanOrEqual(1);
  expect(Object.keys(pooling)).not.toContain("weightNorm");
  expect(pooling.activationMean![0]).toBeGreaterThan(0);
});

test("what it cannot tell is named", async () => {
  const plan = probedPlan({ layers: [{ units: 1, activation: "sigmoid" }], probes: "all" });
  expect(unmeasuredProbes({ runs: [...(await tracedRuns(plan, engine))] })).toEqual([
    "firstNonFinite",
  ]);
});
