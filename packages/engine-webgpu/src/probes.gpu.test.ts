// What the kernels measure against what the reference measures of the same training, in both frames.

import { type Engine, TraceRecorder, type TraceRun } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { override, withDevice } from "../test/altered-gpu.ts";
import { expectSameProbes } from "../test/expect-same-probes.ts";
import { hasNoAdapter, nodeGpu } from "../test/node-gpu.ts";
import {
  PROBED_NETWORKS,
  type ProbedPlan,
  type ProbedSetting,
  probedPlan,
  tracedRuns,
} from "../test/probed-plan.ts";
import { type Gpu, requestGpu } from "./device/request-device.ts";
import { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import type { KernelPlan } from "./kernels/train-population/kernel-plan.ts";
import { createPopulation, populations } from "./population/create-population.ts";
import { uploadData } from "./population/data-buffer.ts";
import { Reporter } from "./population/reporter.ts";
import { createWebGpuEngine } from "./webgpu-engine.ts";

const reference = createReferenceEngine({ precision: "float64", reason: "test" });

/** Every dispatch goes on by one batch when dispatchMs is 0. */
function engineWith(dispatchMs: number, gpu = nodeGpu(), reportMs = 20): Promise<Engine> {
  return createWebGpuEngine({ gpu, reason: "test", selfCheck: "skip", dispatchMs, reportMs });
}

let gpu: Gpu;
let engine: Engine;
beforeAll(async () => {
  if (hasNoAdapter) return;
  gpu = await requestGpu(nodeGpu());
  engine = await engineWith(30);
});
afterAll(async () => {
  gpu?.destroy();
  await engine?.dispose();
});

const LAUNCHED: KernelPlan = {
  tier: "L",
  workgroupSize: 16,
  values: "storage",
  dense: "plain",
};
const PERSISTENT: KernelPlan = { ...LAUNCHED, tier: "persistent", workgroupSize: 4 };
const IN_WORKGROUP: KernelPlan = { ...PERSISTENT, workgroupSize: 8, values: "workgroup" };

/** Kernels of each plan, made once for all tests. */
const caches = new Map<KernelPlan, KernelCache>();

function kernelsOf(plan: KernelPlan): KernelCache {
  const cache = caches.get(plan) ?? new KernelCache(gpu, () => plan);
  caches.set(plan, cache);
  return cache;
}

/** Trained with one kernel plan in dispatches of 1, 4 and the other batches, with a report after each. */
async function tracedIn(
  kernelPlan: KernelPlan,
  { spec, plan, datasets }: ProbedPlan,
): Promise<readonly TraceRun[]> {
  const [bucket] = plan.buckets;
  const recorder = new TraceRecorder(spec, plan, datasets, engine.info);
  const reporter = new Reporter(new Map(plan.runs.map(({ index }) => [index, 0])));
  const data = await uploadData(gpu, datasets, [bucket.network.inputs]);
  for (const runs of populations(gpu, bucket, plan)) {
    const kernels = kernelsOf(kernelPlan);
    const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
    const { epochs, members } = population;
    for (const count of [1, 4, epochs * members[0].batchesPerEpoch - 5]) {
      await population.advance(count);
      for (const event of reporter.events(members, await population.report())) recorder.add(event);
    }
    population.destroy();
  }
  data.buffer.destroy();
  return recorder.finish().runs;
}

describe.skipIf(hasNoAdapter).each(Object.entries(PROBED_NETWORKS))("%s", (name, setting) => {
  test("is measured as the reference does", async () => {
    const plan = probedPlan(setting);
    const [actual, expected] = [await tracedIn(LAUNCHED, plan), await tracedRuns(plan, reference)];
    expected.forEach((run, i) => {
      expectSameProbes(actual[i], run);
    });
    if (!name.startsWith("copies")) return;
    // The setting would show nothing if there were none of what it is for.
    const [{ probes }] = expected;
    expect(probes!.layers[1].deadShare![0]).toBe(1);
    expect(probes!.layers[1].distinctUnits![0]).toBe(1);
  });
});

/** Something of a step, of an epoch, and of what outlives a dispatch. */
const FEW: ProbedSetting = {
  ...PROBED_NETWORKS["relu and a sigmoid that the loss passes by"],
  probes: { signals: ["updateNorm", "gradientNormMean", "confusion"], everyEpochs: 5 },
};

describe.skipIf(hasNoAdapter)("every frame measures the same bits", () => {
  test("with all signals, and leaves the training alone", async () => {
    const setting = PROBED_NETWORKS["a normalized block whose activation stands behind"];
    const plan = probedPlan(setting);
    const persistent = await tracedIn(PERSISTENT, plan);
    expect(persistent).toEqual(await tracedIn(LAUNCHED, plan));
    const bare = await tracedIn(LAUNCHED, probedPlan({ ...setting, probes: null }));
    bare.forEach((run, i) => {
      expect(persistent[i].signals).toMatchObject(run.signals);
      expect(run).not.toHaveProperty("probes");
    });
  });

  test("with values in workgroup memory", async () => {
    const plan = probedPlan({ ...FEW, train: { epochs: 3 } });
    expect(await tracedIn(IN_WORKGROUP, plan)).toEqual(await tracedIn(PERSISTENT, plan));
  });
});

describe.skipIf(hasNoAdapter)("a whole training", () => {
  const plan = probedPlan({ ...FEW, train: { epochs: 12 }, seeds: 3 });
  let together: readonly TraceRun[];
  beforeAll(async () => {
    if (!hasNoAdapter) together = await tracedRuns(plan, engine);
  });

  test("of a network alone has the bits of a population", async () => {
    const buckets = plan.plan.buckets.map((bucket) => ({ ...bucket, runs: [1] }));
    const [alone] = await tracedRuns({ ...plan, plan: { ...plan.plan, buckets } }, engine);
    expect(alone).toEqual(together[1]);
  });

  test("batch by batch, through a device that is lost, has them too", async () => {
    let made = 0;
    const shaky = withDevice(nodeGpu(), (device) => {
      if (++made > 1) return;
      let submitted = 0;
      const submit = device.queue.submit.bind(device.queue);
      override(device.queue, "submit", (buffers: Iterable<GPUCommandBuffer>) => {
        submit(buffers);
        if (++submitted === 50) device.destroy();
      });
    });
    const oneByOne = await engineWith(0, shaky, 1);
    expect(await tracedRuns(plan, oneByOne)).toEqual(together);
    expect(made).toBe(2);
    await oneByOne.dispose();
  });
});

test.skipIf(hasNoAdapter)("counts are kept of the epochs asked for, and of the last", async () => {
  const plan = probedPlan({
    ...PROBED_NETWORKS["softmax over three classes"],
    train: { loss: "sparseCategoricalCrossentropy", epochs: 5 },
    probes: { signals: ["confusion", "valConfusion"], everyEpochs: 2 },
  });
  const [actual] = await tracedIn(LAUNCHED, plan);
  const [expected] = await tracedRuns(plan, reference);
  expect(expected.probes!.confusions.map(({ epoch }) => epoch)).toEqual([1, 1, 3, 3, 4, 4]);
  expect(actual.probes).toEqual(expected.probes);
  expect(Object.keys(actual.signals)).toEqual(["loss", "accuracy", "valLoss", "valAccuracy"]);
});

test.skipIf(hasNoAdapter)("norms hold where squares have no place in float32", async () => {
  const plan = probedPlan({
    layers: [
      { units: 3, kernelInitializer: { name: "randomNormal", stddev: 1e-25 }, activation: "tanh" },
      { units: 2, kernelInitializer: { name: "randomNormal", stddev: 1e24 } },
      { units: 1, activation: "sigmoid" },
    ],
    train: { epochs: 1, learningRate: 1e-30 },
    probes: ["weightNorm", "gradientNorm", "largestWeight", "gradientNormMean"],
  });
  const [actual] = await tracedIn(LAUNCHED, plan);
  const [expected] = await tracedRuns(plan, reference);
  expected.probes!.layers.forEach((columns, l) => {
    for (const [name, values] of Object.entries(columns) as [string, Float32Array][]) {
      const own = (actual.probes!.layers[l] as Record<string, Float32Array>)[name];
      values.forEach((value, i) => {
        expect(own[i] / value, `${name} of layer ${l}`).toBeCloseTo(1, 5);
      });
    }
  });
  expect(expected.probes!.layers[0].weightNorm![0]).toBeLessThan(1e-23);
  expect(expected.probes!.layers[0].gradientNorm![0]).toBeGreaterThan(1e20);
  expect(actual.signals.gradientNormMean![0] / expected.signals.gradientNormMean![0]).toBeCloseTo(
    1,
    5,
  );
});

describe.skipIf(hasNoAdapter)("the first number that is not finite", () => {
  const { layers } = PROBED_NETWORKS["relu and a sigmoid that the loss passes by"];
  const asked = { probes: ["firstNonFinite"], seeds: 1 } as const;
  const inOrder = { ...asked, train: { shuffle: false } };
  const withInputs = (plan: ProbedPlan, change: (x: Float32Array) => Float32Array): ProbedPlan => ({
    ...plan,
    datasets: plan.datasets.map((data) => ({
      ...data,
      train: { ...data.train, x: change(data.train.x) },
    })),
  });
  const SETTINGS: Record<string, [ProbedPlan, string]> = {
    "of the inputs": [
      withInputs(probedPlan({ layers, ...inOrder }), (x) =>
        x.map((value, i) => (i === 3 * 10 ? Number.NaN : value)),
      ),
      "inputs",
    ],
    "of a layer": [
      withInputs(probedPlan({ layers, ...inOrder }), (x) => x.map((v) => 3e38 * Math.sign(v))),
      "activations",
    ],
    "of the loss": [
      probedPlan({
        layers: [{ units: 1, activation: "linear" }],
        train: { loss: "meanSquaredError", learningRate: 1e12, epochs: 5 },
        ...asked,
      }),
      "loss",
    ],
    "of an update": [
      probedPlan({
        layers: [{ units: 1, activation: "sigmoid" }],
        train: { learningRate: 1, optimizer: { name: "sgd", weightDecay: 1e38 }, epochs: 1 },
        ...asked,
      }),
      "parameters",
    ],
    "of no tensor": [probedPlan({ layers, ...inOrder }), "null"],
  };

  test.each(Object.entries(SETTINGS))("%s is found", async (_, [plan, tensor]) => {
    const [single] = await tracedRuns(
      plan,
      createReferenceEngine({ precision: "float32", reason: "test" }),
    );
    const found = single.probes!.firstNonFinite;
    expect(found === null ? "null" : found?.tensor).toBe(tensor);
    const isSmallest = plan.plan.buckets[0].network.layers.length === 1;
    for (const frame of isSmallest ? [LAUNCHED] : [PERSISTENT, LAUNCHED]) {
      const [run] = await tracedIn(frame, plan);
      expect(run.probes!.firstNonFinite).toEqual(found);
      expect(run.status).toBe(single.status);
    }
  });
});
