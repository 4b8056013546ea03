import type { Dataset, Engine, Loss, Plan, SpecInput, TraceEvent } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  eventsOf,
  finishedOf,
  largestSignalError,
  populationCase,
  signalsOf,
} from "../../test/fallback-tfjs/population-case.ts";
import { createTfjsEngine } from "./index.ts";

const reference = createReferenceEngine({ precision: "float64", reason: "test" });

// 24 steps in float32 against float64. The largest difference seen is 2.1e-7; ten times that leaves
// room for other libm versions.
const CURVE_TOLERANCE = 2e-6;

/** Layers whose numbers may differ between the networks of a bucket. */
function busyLayers(rate: number): SpecInput["model"]["layers"] {
  return [
    { type: "batchNormalization", momentum: 1 - rate },
    { units: 6, activation: { name: "elu", alpha: 1 + rate }, activityRegularizer: { l2: rate } },
    { type: "dropout", rate },
    { units: 6, activation: { name: "prelu", alpha: rate }, biasRegularizer: { l1: rate } },
    { type: "gaussianNoise", stddev: rate },
    { type: "add", from: 2 },
    { type: "alphaDropout", rate },
    { type: "layerNormalization", epsilon: rate / 100 },
    { units: 1, activation: "linear" },
    { type: "activation", activation: "sigmoid" },
  ];
}

function busyTraining(patience: number): SpecInput["train"] {
  return {
    loss: { name: "binaryFocalCrossentropy", gamma: 1.5 + patience / 10, labelSmoothing: 0.1 },
    optimizer: { name: "nadam", globalClipNorm: 0.05 * patience },
    learningRate: 0.05,
    epochs: 12,
    batchSize: 8,
    classWeight: { "0": 1, "1": 1 + patience },
    earlyStopping: { monitor: "valLoss", patience: 2 * patience },
    reduceOnPlateau: { monitor: "loss", patience, factor: 0.5, minDelta: 0.01 },
  };
}

describe.each(["cpu", "wasm"] as const)("on tfjs-%s", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend, reason: "test", versions: { node: "20" } });
  });

  test("says what it is", () => {
    expect(engine.info).toMatchObject({ name: "tfjs", reason: "test", versions: { node: "20" } });
    expect(engine.info.adapter).toMatch(`tfjs ${backend}`);
  });

  const threeClasses = {
    source: {
      kind: "numpy",
      features: { rand: [40, 3] },
      labels: { randint: { low: 0, high: 3, size: 40 } },
    },
  } as const;
  test.each([
    { what: "the last batch short", changes: {} },
    {
      what: "no test part, in the order of the rows, three classes",
      changes: {
        data: threeClasses,
        model: { layers: [{ units: 3, activation: "softmax" }] },
        train: { loss: "sparseCategoricalCrossentropy", epochs: 5, shuffle: false },
      },
    },
    {
      what: "operations, callbacks and class weights, and variants that differ in their numbers",
      changes: {
        model: { layers: busyLayers(0.3) },
        train: busyTraining(2),
        variants: {
          plain: {},
          other: { model: { layers: busyLayers(0.1) }, train: busyTraining(1) },
          unclipped: {
            train: { optimizer: "nadam", classWeight: { "0": 1, "1": 1 }, learningRate: 0.3 },
          },
        },
      },
    },
    {
      what: "variants that differ in numbers, and one in the rows it has",
      changes: {
        seeds: { training: 2, data: 2 },
        variants: {
          hot: { train: { learningRate: 0.1 } },
          bare: { model: { layers: [6, 4, 1].map((units) => ({ units, activation: "sigmoid" })) } },
          half: { data: { split: { testSize: 0.5 } } },
        },
      },
    },
  ] as const)("trains as the reference does: $what", async ({ changes }) => {
    const [plan, datasets] = populationCase(changes as Parameters<typeof populationCase>[0]);
    const expected = await eventsOf(reference, plan, datasets);
    const actual = await eventsOf(engine, plan, datasets);
    expect(largestSignalError(plan, actual, expected)).toBeLessThanOrEqual(CURVE_TOLERANCE);
    expect(finishedOf(actual)).toEqual(finishedOf(expected));
    expect(actual.at(-1)).toEqual(expected.at(-1));
  });

  test.each([
    { name: "sgd" },
    { name: "sgd", momentum: 0.9 },
    { name: "sgd", momentum: 0.9, nesterov: true },
    { name: "adam", beta1: 0.8 },
    { name: "adamw", weightDecay: 0.1 },
    { name: "rmsprop", momentum: 0.5 },
    { name: "adagrad" },
  ] as const)("$name steps each network by its own numbers", async (optimizer) => {
    const [plan, datasets] = populationCase();
    const train = { loss: "binaryCrossentropy", epochs: 4, batchSize: 8, optimizer } as const;
    const [own] = populationCase({ train });
    // The networks differ in every number that the optimizer reads.
    const runs = own.runs.map((run, i) => {
      const { hyper } = run;
      return {
        ...run,
        hyper: {
          ...hyper,
          learningRate: hyper.learningRate * (1 + i),
          momentum: hyper.momentum * (1 - 0.2 * i),
          beta1: hyper.beta1 * (1 - 0.1 * i),
          beta2: hyper.beta2 * (1 - 0.1 * i),
          rho: hyper.rho * (1 - 0.1 * i),
          weightDecay: hyper.weightDecay * i,
          initialAccumulator: hyper.initialAccumulator * (1 + i),
          l1: hyper.l1.map((_, layer) => 0.001 * i * layer),
        },
      };
    });
    const mixed: Plan = { ...plan, buckets: own.buckets, runs };
    const expected = await eventsOf(reference, mixed, datasets);
    const actual = await eventsOf(engine, mixed, datasets);
    expect(largestSignalError(mixed, actual, expected)).toBeLessThanOrEqual(CURVE_TOLERANCE);
  });

  test("two trainings are equal, and a run alone equals itself in the population, bit for bit", async () => {
    const [plan, datasets] = populationCase();
    const events = await eventsOf(engine, plan, datasets);
    const again = await eventsOf(engine, plan, datasets);
    const alone: Plan = { ...plan, buckets: [{ ...plan.buckets[0], runs: [1] }] };
    const single = await eventsOf(engine, alone, datasets);
    for (const { index } of plan.runs) {
      expect(signalsOf(again, index)).toEqual(signalsOf(events, index));
    }
    expect(signalsOf(single, 1)).toEqual(signalsOf(events, 1));
  });

  test("a diverged run freezes and leaves the others alone", async () => {
    const [plan, datasets] = populationCase({
      train: { loss: "meanSquaredError", optimizer: "sgd", epochs: 6, batchSize: 8 },
    });
    const explosive: Plan = {
      ...plan,
      runs: plan.runs.map((run) =>
        run.index === 1
          ? { ...run, hyper: { ...run.hyper, learningRate: 1e30, l2: [1, 1, 1] } }
          : run,
      ),
    };
    const float32 = createReferenceEngine({ reason: "test" });
    const expected = await eventsOf(float32, explosive, datasets);
    const actual = await eventsOf(engine, explosive, datasets);
    expect(finishedOf(actual)).toEqual(finishedOf(expected));
    expect(finishedOf(actual)[1].status).toBe("diverged");
    expect(largestSignalError(explosive, actual, expected)).toBeLessThanOrEqual(CURVE_TOLERANCE);
  });

  test("no tensor outlives a training, its cancellation or a replay", async () => {
    const [plan, datasets] = populationCase();
    const before = tf.memory().numTensors;
    await eventsOf(engine, plan, datasets);
    expect(tf.memory().numTensors).toBe(before);
    const [long, longData] = populationCase({
      train: { loss: "binaryCrossentropy", epochs: 5000, batchSize: 8 },
    });
    expect((await cancelled(long, longData)).some(({ kind }) => kind === "finished")).toBe(false);
    expect(tf.memory().numTensors).toBe(before);
    const { network } = plan.buckets[0];
    await engine.replay({
      network,
      hyper: plan.runs[0].hyper,
      batch: 2,
      x: new Float32Array(6).fill(0.5),
      y: Float32Array.of(0, 1),
      parameters: new Float32Array(network.layout.size).fill(0.1),
      steps: 3,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  /** Stops at the second report. */
  async function cancelled(plan: Plan, datasets: Dataset[]): Promise<TraceEvent[]> {
    const signal = { aborted: false };
    const events: TraceEvent[] = [];
    for await (const event of engine.train(plan, datasets, { signal })) {
      events.push(event);
      signal.aborted = events.filter(({ kind }) => kind === "progress").length === 2;
    }
    return events;
  }
});

test("what it does not compute is an error, not passed over", async () => {
  const engine = await createTfjsEngine({ backend: "cpu", reason: "test" });
  const [plan, datasets] = populationCase();
  const [bucket] = plan.buckets;
  const network = { ...bucket.network, loss: "unheardOf" as Loss };
  const buckets = [{ ...bucket, network }];
  await expect(eventsOf(engine, { ...plan, buckets }, datasets)).rejects.toMatchObject({
    code: "TFJS_UNSUPPORTED",
    message: 'the tfjs engine does not compute unheardOf; use the engine "cpu".',
  });
});

test("a learning rate that changes from step to step is that of the table", async () => {
  // Equal to a constant rate in a table of one entry, and different from it in a table of two.
  const engine = await createTfjsEngine({ backend: "cpu", reason: "test" });
  const [plan, datasets] = populationCase();
  const curvesWith = async (learningRates: Float32Array) => {
    const runs = plan.runs.map((run) => ({
      ...run,
      hyper: { ...run.hyper, learningRate: 0, learningRates },
    }));
    return signalsOf(await eventsOf(engine, { ...plan, runs }, datasets), 0).loss;
  };
  const constant = signalsOf(await eventsOf(engine, plan, datasets), 0).loss;
  expect(await curvesWith(Float32Array.of(0.02))).toEqual(constant);
  const changed = await curvesWith(Float32Array.of(0.02, 0.02, 0.02, 0.02, 0.1));
  // Four steps an epoch: the first epoch sees the old rate only.
  expect(changed[0]).toBe(constant[0]);
  expect(changed[2]).not.toBe(constant[2]);
});

test("a backend that does not start is an error that says why and what else there is", async () => {
  // Node has no navigator.gpu.
  await expect(createTfjsEngine({ backend: "webgpu", reason: "test" })).rejects.toMatchObject({
    code: "TFJS_BACKEND_UNAVAILABLE",
    message:
      'no tfjs backend starts here (webgpu: this platform has no navigator.gpu); use the engine "cpu".',
  });
});

test("left to itself it takes the fastest backend that starts", async () => {
  const engine = await createTfjsEngine({ reason: "test" });
  expect(engine.info.adapter).toBe("tfjs wasm, SIMD");
});
