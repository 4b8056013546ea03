import { afterEach, describe, expect, test, vi } from "vitest";
import { compile, loadDatasets } from "../../compile/compile.ts";
import type { Plan } from "../../compile/plan.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import { referenceRun } from "../reference/train-run.ts";
import type { TrainingRun } from "../training-run.ts";
import { createSimdEngine } from "./simd-engine.ts";
import { simdRun } from "./train-run.ts";

interface Population {
  readonly plan: Plan;
  readonly datasets: readonly Dataset[];
}

/** Runs on 50 rows of which 40 train, so that a batch of 16 leaves one of 8. */
function populationOf(overrides: {
  readonly model?: object;
  readonly train?: object;
  readonly data?: object;
  readonly seeds?: object;
  readonly variants?: object;
}): Population {
  const spec = parseSpec({
    name: "simd",
    seeds: { training: 2 },
    ...overrides,
    data: {
      source: {
        kind: "numpy",
        features: { rand: [50, 5] },
        labels: { randint: { low: 0, high: 2, size: 50 } },
      },
      split: { testSize: 0.2 },
      ...overrides.data,
    },
    model: {
      layers: [
        { units: 7, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
      ...overrides.model,
    },
    train: { loss: "binaryCrossentropy", epochs: 12, batchSize: 16, ...overrides.train },
  });
  const datasets = loadDatasets(spec);
  return { plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

const PLACES = Array.from({ length: 50 }, (_, i) => i);

/** Rows of two classes, of which every seventh counts for nothing and others for up to 3. */
const WEIGHTED = {
  kind: "inline",
  rows: PLACES.map((i) => [0, 1, 2, 3, 4].map((j) => Math.sin(5 * i + j + 1))),
  labels: PLACES.map((i) => (Math.sin(9 * i) > 0 ? "a" : "b")),
  sampleWeight: PLACES.map((i) => (i % 7) / 2),
};

const THREE_CLASSES = {
  kind: "inline",
  rows: WEIGHTED.rows,
  labels: PLACES.map((i) => i % 3),
};

/** A run of the population on its own, trained to its end. */
function trained({ plan, datasets }: Population, index: number): TrainingRun {
  const { bucket, dataset } = plan.runs[index];
  const run = simdRun(plan.buckets[bucket], plan.runs[index], datasets[dataset]);
  for (const _ of run.train());
  return run;
}

/** The same run by the reference. */
function reference({ plan, datasets }: Population, index: number): TrainingRun {
  const { bucket, dataset } = plan.runs[index];
  const run = plan.runs[index];
  const training = referenceRun(plan.buckets[bucket], run, datasets[dataset], "float32");
  for (const _ of training.train());
  return training;
}

describe("a run follows the reference", () => {
  test.each([
    ["as it comes", {}],
    ["not shuffled", { train: { shuffle: false } }],
    ["one row at a time", { train: { batchSize: 1, epochs: 3 } }],
    ["all rows at once", { train: { batchSize: 64 } }],
    ["without a test part", { data: { split: undefined } }],
    [
      "with penalties",
      {
        model: {
          layers: [
            { units: 6, activation: "gelu", kernelRegularizer: { l1: 0.01, l2: 0.02 } },
            { units: 2, activation: "softmax", useBias: false },
          ],
        },
        train: { loss: "sparseCategoricalCrossentropy", optimizer: "rmsprop" },
      },
    ],
    [
      "with operations, on the inputs too, one drawing anew at every step",
      {
        model: {
          layers: [
            { type: "gaussianNoise", stddev: 0.1 },
            { type: "layerNormalization" },
            // The gradient of a bias here is 0, and Adam would make steps of its rounding.
            { units: 6, useBias: false },
            { type: "batchNormalization", momentum: 0.9 },
            { type: "activation", activation: "prelu" },
            { type: "dropout", rate: 0.3 },
            { units: 6, activation: "selu" },
            { type: "alphaDropout", rate: 0.2 },
            { units: 6, activation: "mish" },
            { type: "add", from: 5 },
            { units: 1 },
            { type: "activation", activation: "sigmoid" },
          ],
        },
      },
    ],
    [
      "with exponentials",
      {
        model: {
          layers: [
            { units: 6, activation: "exponential" },
            { units: 1, activation: "sigmoid" },
          ],
        },
      },
    ],
    [
      "with weighted classes, smoothed labels, clipping, decay and penalties on activities",
      {
        model: {
          layers: [
            { units: 6, activation: "tanh", biasRegularizer: { l2: 0.1 } },
            { units: 2, activation: "softmax", activityRegularizer: { l1: 0.01, l2: 0.01 } },
          ],
        },
        train: {
          loss: { name: "categoricalCrossentropy", labelSmoothing: 0.1 },
          classWeight: { "0": 2, "1": 0.5 },
          optimizer: { name: "nadam", globalClipNorm: 0.5, weightDecay: 0.01 },
          learningRate: { schedule: "cosine", initial: 0.01, decaySteps: 30 },
        },
      },
    ],
    ["with weighted samples", { data: { source: WEIGHTED } }],
    ["with one output for three classes", { data: { source: THREE_CLASSES } }],
    [
      "with more outputs than classes",
      {
        data: { source: THREE_CLASSES },
        model: { layers: [{ units: 5, activation: "softmax" }] },
        train: { loss: "categoricalCrossentropy" },
      },
    ],
    [
      "with weighted samples in one batch",
      { data: { source: WEIGHTED }, train: { batchSize: 64 } },
    ],
    [
      "with weighted samples and classes",
      { data: { source: WEIGHTED }, train: { classWeight: { b: 2.5 }, shuffle: false } },
    ],
    [
      "with a learning rate that falls on a plateau",
      {
        train: {
          learningRate: 0.05,
          reduceOnPlateau: { monitor: "valLoss", patience: 1, factor: 0.5, minDelta: 0.05 },
        },
      },
    ],
    [
      "that stops early and restores its best weights",
      {
        train: {
          learningRate: 0.05,
          earlyStopping: { monitor: "valLoss", patience: 2, restoreBest: true },
          epochs: 40,
        },
      },
    ],
  ])("%s", (_name, overrides) => {
    const population = populationOf(overrides);
    const actual = trained(population, 1);
    const expected = reference(population, 1);
    expect(actual.status).toBe("complete");
    expect(actual.steps).toBe(expected.steps);
    expect(Object.keys(actual.signals)).toEqual(Object.keys(expected.signals));
    for (const name of ["loss", "valLoss"] as const) {
      // Rounding grows by itself over a training; a hundred steps keep curves within 1e-5.
      const differences = expected.signals[name]?.map((v, i) => v - actual.signals[name]![i]) ?? [];
      expect(Math.max(...differences.map(Math.abs), 0)).toBeLessThan(1e-5);
    }
    expect(actual.epochs).toBe(expected.epochs);
    expect(actual.signals.accuracy).toEqual(expected.signals.accuracy);
    expect(actual.signals.valAccuracy).toEqual(expected.signals.valAccuracy);
    const apart = expected.parameters.map((v, i) => Math.abs(v - actual.parameters[i]));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
  });
});

test("early stopping stops before the end, with other weights than the last epoch's", () => {
  const train = { learningRate: 0.05, epochs: 40 };
  const earlyStopping = { monitor: "valLoss", patience: 2 };
  const restored = trained(
    populationOf({ train: { ...train, earlyStopping: { ...earlyStopping, restoreBest: true } } }),
    1,
  );
  const last = trained(populationOf({ train: { ...train, earlyStopping } }), 1);
  expect(restored.epochs).toBeLessThan(40);
  expect(restored.epochs).toBe(last.epochs);
  expect(restored.parameters).not.toEqual(last.parameters);
});

test("two trainings of a run are equal bit for bit, after another shape has used the memory", () => {
  const population = populationOf({});
  const first = trained(population, 0);
  trained(
    populationOf({ model: { layers: [{ units: 33, activation: "tanh" }, { units: 1 }] } }),
    0,
  );
  const second = trained(population, 0);
  expect(second.parameters).toEqual(first.parameters);
  expect(second.signals).toEqual(first.signals);
});

test("a run alone equals the same run interleaved with others, bit for bit", () => {
  const population = populationOf({ seeds: { training: 5 } });
  const { plan, datasets } = population;
  const alone = trained(population, 3);
  const runs = plan.runs.map((run) => simdRun(plan.buckets[0], run, datasets[0]));
  const trainings = runs.map((run) => run.train());
  for (let left = true; left; ) left = trainings.map((t) => !t.next().done).includes(true);
  expect(runs[3].parameters).toEqual(alone.parameters);
  expect(runs[3].signals).toEqual(alone.signals);
  expect(runs[2].parameters).not.toEqual(alone.parameters);
});

test("a run whose loss is not finite stops before the step", () => {
  const population = populationOf({
    model: { layers: [{ units: 8 }, { units: 1 }] },
    train: { loss: "meanSquaredError", optimizer: "sgd", learningRate: 1e20 },
  });
  const actual = trained(population, 0);
  const expected = reference(population, 0);
  expect(actual.status).toBe("diverged");
  expect(actual.steps).toBe(expected.steps);
  expect(actual.epochs).toBe(expected.epochs);
});

async function events(population: Population, engine = createSimdEngine({ reason: "test" })) {
  const all: TraceEvent[] = [];
  for await (const event of engine.train(population.plan, population.datasets)) all.push(event);
  return all;
}

test("every run reports its epochs, then its end; progress reaches the total", async () => {
  const all = await events(populationOf({}));
  expect(all.map(({ kind }) => kind)).toEqual([
    "epochs",
    "finished",
    "epochs",
    "finished",
    "progress",
  ]);
  expect(all[1]).toEqual({ kind: "finished", run: 0, status: "complete", steps: 36 });
  expect(all[4]).toEqual({ kind: "progress", stepsDone: 72, stepsTotal: 72 });
});

describe("where WebAssembly is forbidden", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test.each([
    ["by a content-security policy", { Module: refuse }, "Refused to compile"],
    ["altogether", undefined, "no WebAssembly"],
  ])("%s, the reference runs and the reason says why", async (_name, stub, message) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", stub);
    const fresh = await import("./simd-engine.ts");
    const engine = fresh.createSimdEngine({ reason: "There is no GPU." });
    expect(engine.info.adapter).toBe("plain TypeScript, float32");
    expect(engine.info.reason).toMatch(/^There is no GPU\. WebAssembly does not start here: /);
    expect(engine.info.reason).toContain(message);
    const population = populationOf({});
    const [first] = await events(population, engine);
    expect(first).toMatchObject({ signals: { loss: reference(population, 0).signals.loss } });
  });

  function refuse(): never {
    throw new Error("Refused to compile or instantiate WebAssembly module");
  }
});
