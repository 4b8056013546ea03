import type { Engine } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { withDevice, withRefusal } from "../test/altered-gpu.ts";
import { hasNoAdapter, nodeGpu } from "../test/node-gpu.ts";
import { type SmallPlan, smallPlan, trained } from "../test/small-plan.ts";
import { createWebGpuEngine } from "./webgpu-engine.ts";

const reference = createReferenceEngine({ precision: "float64", reason: "test" });

/**
 * Runs the kernels as planned, whatever they train. dispatchMs 0 lets every dispatch go on by one
 * batch.
 */
function engineWith(dispatchMs: number, gpu = nodeGpu()): Promise<Engine> {
  const settings = { selfCheck: "skip", tuning: "skip", dispatchMs, reportMs: 20 } as const;
  return createWebGpuEngine({ gpu, reason: "test", ...settings });
}

let engine: Engine;
beforeAll(async () => {
  if (!hasNoAdapter) engine = await engineWith(30);
});
afterAll(() => engine?.dispose());

const SETTINGS: Record<string, SmallPlan> = {
  "operations of every kind, on inputs too": {
    layers: [
      { type: "batchNormalization" },
      { type: "gaussianNoise", stddev: 0.1 },
      { units: 6, activation: { name: "prelu", alpha: 0.2 } },
      { units: 6, activation: { name: "elu", alpha: 0.5 } },
      { type: "dropout", rate: 0.3 },
      { type: "add", from: 2 },
      { type: "layerNormalization" },
      { type: "alphaDropout", rate: 0.2 },
      { units: 1 },
      { type: "activation", activation: "sigmoid" },
    ],
  },
  "layers that repeat with their operations": {
    layers: [
      { units: 5, activation: "tanh" },
      { type: "batchNormalization" },
      { type: "dropout", rate: 0.2 },
      { units: 5, activation: "tanh" },
      { type: "batchNormalization" },
      { type: "dropout", rate: 0.2 },
      { units: 5, activation: "tanh" },
      { type: "batchNormalization" },
      { type: "dropout", rate: 0.2 },
      { units: 1, activation: "sigmoid" },
    ],
  },
  "class weights, smoothing, clipping, decay": {
    classes: 3,
    layers: [
      { units: 7, activation: "tanh", biasRegularizer: { l2: 0.01 } },
      { units: 3, activation: "softmax", activityRegularizer: { l1: 0.02 } },
    ],
    train: {
      loss: { name: "categoricalCrossentropy", labelSmoothing: 0.1 },
      optimizer: { name: "adam", amsgrad: true, globalClipNorm: 0.1, weightDecay: 0.02 },
      classWeight: { "0": 2, "2": 0.5 },
    },
  },
  "a rate that falls on a plateau": {
    train: {
      epochs: 30,
      optimizer: "rmsprop",
      reduceOnPlateau: {
        monitor: "valLoss",
        factor: 0.5,
        patience: 2,
        cooldown: 1,
        minLearningRate: 0.01,
      },
    },
  },
  "a stop when accuracy stays, and the best weights": {
    train: {
      epochs: 40,
      shuffle: false,
      earlyStopping: { monitor: "accuracy", patience: 3, minDelta: 0.01, restoreBest: true },
    },
  },
  "a stop that watches what is not measured": {
    testSize: null,
    train: { earlyStopping: { monitor: "valLoss", patience: 0, restoreBest: true } },
  },
  "a short last batch and a test part": {},
  "rows in their order": { train: { shuffle: false } },
  "no test part": { testSize: null },
  "a batch larger than the part": { train: { batchSize: 64 } },
  "the largest batch, and a short one behind it": {
    rows: 7000,
    testSize: 0.2,
    train: { batchSize: 4096, epochs: 2 },
    seeds: { training: 1 },
  },
  "three classes": {
    classes: 3,
    layers: [
      { units: 9, activation: "relu" },
      { units: 3, activation: "softmax" },
    ],
    train: { loss: "sparseCategoricalCrossentropy" },
  },
  "layers that repeat": {
    layers: [
      { units: 7, activation: "tanh" },
      ...[0.01, 0.02, 0.03].map((l2) => ({
        units: 7,
        activation: "tanh" as const,
        kernelRegularizer: { l2 },
      })),
      { units: 1, activation: "sigmoid" },
    ],
  },
  penalties: {
    layers: [
      { units: 5, activation: "tanh", kernelRegularizer: { l1: 0.01, l2: 0.02 } },
      { units: 1, activation: "sigmoid" },
    ],
  },
};

describe.skipIf(hasNoAdapter)("training with", () => {
  test.each(Object.entries(SETTINGS))("%s follows the reference", async (_, settings) => {
    const plan = smallPlan(settings);
    const expected = await trained(reference, plan);
    const actual = await trained(engine, plan);
    actual.forEach((run, i) => {
      expect(run.status).toBe("complete");
      expect(run.steps).toBe(expected[i].steps);
      expect(Object.keys(run.signals)).toEqual(Object.keys(expected[i].signals));
      for (const [name, values] of Object.entries(expected[i].signals)) {
        // Six epochs: rounding has hardly grown.
        const errors = values.map((v, e) => Math.abs(run.signals[name as "loss"]![e] - v));
        expect(Math.max(...errors), name).toBeLessThan(2e-6);
      }
    });
  });
});

describe.skipIf(hasNoAdapter)("bit for bit equal are", () => {
  const plan = smallPlan({ train: { epochs: 12 } });

  test("two trainings", async () => {
    expect(await trained(engine, plan)).toEqual(await trained(engine, plan));
  });

  test("a network alone and in a population", async () => {
    const [population, datasets] = plan;
    const together = await trained(engine, plan);
    for (const run of population.runs) {
      const buckets = population.buckets.map((bucket) => ({ ...bucket, runs: [run.index] }));
      const alone = await trained(engine, [{ ...population, buckets }, datasets]);
      expect(alone[run.index]).toEqual(together[run.index]);
    }
  });

  test("a network with operations and callbacks alone and in a population", async () => {
    const [population, datasets] = smallPlan({
      layers: [
        { units: 5, activation: "prelu" },
        { type: "batchNormalization" },
        { type: "dropout", rate: 0.3 },
        { type: "gaussianNoise", stddev: 0.1 },
        { units: 1, activation: "sigmoid" },
      ],
      train: {
        epochs: 20,
        optimizer: { name: "nadam", clipNorm: 0.5 },
        earlyStopping: { monitor: "valLoss", patience: 2, restoreBest: true },
      },
      seeds: { training: 7 },
    });
    const together = await trained(engine, [population, datasets]);
    expect(new Set(together.map(({ steps }) => steps)).size).toBeGreaterThan(1);
    for (const { index } of population.runs) {
      const buckets = population.buckets.map((bucket) => ({ ...bucket, runs: [index] }));
      const alone = await trained(engine, [{ ...population, buckets }, datasets]);
      expect(alone[index]).toEqual(together[index]);
    }
  });

  test("a short training with what is compiled soonest, and as planned", async () => {
    const compiled: string[] = [];
    const watching = withDevice(nodeGpu(), (device) => {
      const create = device.createShaderModule.bind(device);
      Object.defineProperty(device, "createShaderModule", {
        value: (descriptor: GPUShaderModuleDescriptor) => {
          compiled.push(descriptor.code);
          return create(descriptor);
        },
      });
    });
    const soon = await createWebGpuEngine({
      gpu: watching,
      reason: "test",
      selfCheck: "skip",
      prepares: plan[0],
    });
    // Its kernel is on its way before anybody asks for it, and is made once.
    expect(compiled.length).toBe(1);
    expect(await trained(soon, plan)).toEqual(await trained(engine, plan));
    expect(compiled.length).toBe(1);
    if (soon.info.adapter.includes("SwiftShader")) expect(compiled[0]).not.toContain("tile");
    await soon.dispose();
  });

  test("dispatches of one batch and of many", async () => {
    const oneByOne = await engineWith(0);
    expect(await trained(oneByOne, plan)).toEqual(await trained(engine, plan));
    await oneByOne.dispose();
  });
});

test.skipIf(hasNoAdapter)("a diverged network is a result, and its neighbours go on", async () => {
  const [plan, datasets] = smallPlan({
    train: { optimizer: "sgd", loss: "meanSquaredError", epochs: 200 },
    layers: [
      { units: 4, activation: "linear" },
      { units: 1, activation: "linear" },
    ],
  });
  const runs = plan.runs.map((run, i) =>
    i === 1 ? { ...run, hyper: { ...run.hyper, learningRate: 1e6 } } : run,
  );
  const expected = await trained(reference, [plan, datasets]);
  const actual = await trained(engine, [{ ...plan, runs }, datasets]);
  expect(actual.map(({ status }) => status)).toEqual(["complete", "diverged", "complete"]);
  expect(actual[1].steps).toBeLessThan(40);
  expect(actual[1].signals.loss?.length ?? 0).toBeLessThan(10);
  expect(actual[0].signals.loss!.at(-1)).toBeCloseTo(expected[0].signals.loss!.at(-1)!, 4);
});

test.skipIf(hasNoAdapter)("networks that have ended are no longer dispatched", async () => {
  const workgroups: number[] = [];
  const dispatch = vi.spyOn(GPUComputePassEncoder.prototype, "dispatchWorkgroups");
  const oneByOne = await engineWith(0);
  const [plan, datasets] = smallPlan({
    train: { optimizer: "sgd", loss: "meanSquaredError", epochs: 100 },
    layers: [{ units: 1, activation: "linear" }],
  });
  const runs = plan.runs.map((run, i) =>
    i === 1 ? { ...run, hyper: { ...run.hyper, learningRate: 1e20 } } : run,
  );
  const together = await trained(oneByOne, [{ ...plan, runs }, datasets]);
  workgroups.push(...dispatch.mock.calls.map(([, networks]) => networks!));
  dispatch.mockRestore();
  expect(together.map(({ status }) => status)).toEqual(["complete", "diverged", "complete"]);
  expect(workgroups[0]).toBe(3);
  expect(workgroups.at(-1)).toBe(2);
  // Those that go on do so as if nothing had happened, whatever place they now have.
  const undisturbed = await trained(engine, [plan, datasets]);
  expect(together[0]).toEqual(undisturbed[0]);
  expect(together[2]).toEqual(undisturbed[2]);
  await oneByOne.dispose();
});

test.skipIf(hasNoAdapter)("the step loop creates no buffer and no bind group", async () => {
  const created: string[] = [];
  const dispatched: number[] = [];
  const counting = await engineWith(0, countingGpu(nodeGpu(), created, dispatched));
  const plan = smallPlan({ train: { epochs: 40 } });
  await trained(counting, plan);
  const inOneRun = created.length;
  expect(dispatched.length).toBeGreaterThan(200);
  // All before the first dispatch, and as many for a training ten times as long.
  expect(dispatched[0]).toBe(inOneRun);
  created.length = 0;
  await trained(counting, smallPlan({ train: { epochs: 4 } }));
  expect(created.length).toBe(inOneRun);
  await counting.dispose();
});

test.skipIf(hasNoAdapter)("an aborted training stops between two reports", async () => {
  const signal = { aborted: false };
  const [plan, datasets] = smallPlan({ train: { epochs: 100_000 } });
  let finished = 0;
  for await (const event of engine.train(plan, datasets, { signal })) {
    if (event.kind === "progress") signal.aborted = true;
    if (event.kind === "finished") finished++;
  }
  expect(finished).toBe(0);
});

test("no WebGPU is an error that names the way out", async () => {
  await expect(createWebGpuEngine({ gpu: undefined, reason: "test" })).rejects.toMatchObject({
    code: "GPU_NO_ADAPTER",
    message: expect.stringContaining("cpu engine"),
  });
});

test.skipIf(hasNoAdapter)(
  "what the kernels do not have is refused before anything trains",
  async () => {
    const [plan, datasets] = smallPlan();
    const buckets = plan.buckets.map((bucket) => {
      const layers = bucket.network.layers.map((layer) => ({ ...layer, activation: "sparsemax" }));
      return { ...bucket, network: { ...bucket.network, layers } } as unknown as typeof bucket;
    });
    await expect(trained(engine, [{ ...plan, buckets }, datasets])).rejects.toMatchObject({
      code: "GPU_UNSUPPORTED_NETWORK",
      message: expect.stringContaining("sparsemax"),
    });
  },
);

describe.skipIf(hasNoAdapter)("a shader that does not compile", () => {
  const plan = smallPlan();

  test("leaves the plain kernel, with the same numbers, and the reason says so", async () => {
    const refusing = await engineWith(30, withRefusal(nodeGpu(), "var tile = lane"));
    const { reason } = (await refusing.prepare?.(plan[0]))!;
    expect(reason).toMatch(
      /^test A plain kernel runs, for .* refused the kernel train-population 3-5-1 adam batch 4 \(line 1: .*\); please report this\.$/,
    );
    expect(await trained(refusing, plan)).toEqual(await trained(engine, plan));
    await refusing.dispose();
  });

  test("in its plain version either is an error before anything trains", async () => {
    const refusing = await engineWith(30, withRefusal(nodeGpu(), "fn "));
    await expect(refusing.prepare?.(plan[0])).rejects.toMatchObject({
      code: "GPU_PIPELINE_FAILED",
      message: expect.stringMatching(/please report this\. Use the cpu engine\.$/),
    });
    await refusing.dispose();
  });

  test("is not what runs where all compile", async () => {
    expect(await engine.prepare?.(plan[0])).toEqual(engine.info);
  });
});

/** Notes what is created, and at each dispatch how much has been. */
function countingGpu(gpu: GPU, created: string[], dispatched: number[]): GPU {
  return withDevice(gpu, (device) => {
    for (const name of ["createBuffer", "createBindGroup"] as const) {
      const create = device[name].bind(device) as (descriptor: { label?: string }) => unknown;
      Object.defineProperty(device, name, {
        value: (descriptor: { label?: string }) => {
          created.push(descriptor.label ?? name);
          return create(descriptor);
        },
      });
    }
    const submit = device.queue.submit.bind(device.queue);
    Object.defineProperty(device.queue, "submit", {
      value: (buffers: GPUCommandBuffer[]) => {
        dispatched.push(created.length);
        submit(buffers);
      },
    });
  });
}
