// Weights of a file as the start of networks: which tensor becomes which, on every engine of core.

import { describe, expect, test } from "vitest";
import { modelFixture } from "../../test/keras-file.ts";
import { createReferenceEngine, predict } from "../engine/reference/index.ts";
import { createSimdEngine } from "../engine/simd/index.ts";
import {
  compile,
  type Engine,
  initialParameters,
  loadDatasets,
  type ModelWeights,
  parseSpec,
  type SpecInput,
  trainedWeights,
  uniformAt,
  weightsKey,
} from "../index.ts";
import { readModel } from "./read-model.ts";
import { withWeights } from "./with-weights.ts";

const LAYERS = readModel("m.keras", modelFixture("m.keras")).model.layers;
const SOURCE = { path: "m.keras", digest: "1" };

function planOf(
  weights: ModelWeights,
  model: Partial<SpecInput["model"]> = {},
  train: Partial<SpecInput["train"]> = {},
) {
  const spec = parseSpec({
    name: "m",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [12, 4] },
        labels: { randint: { low: 0, high: 3, size: 12 } },
      },
    },
    model: { layers: LAYERS, initialWeights: SOURCE, ...model },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 2, ...train },
    seeds: { training: 2 },
  });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets, new Map([[weightsKey(SOURCE), weights]]));
  return { plan, datasets: [...datasets.values()] };
}

/** The file's weights with others in every place, so that no two could be taken for each other. */
function filled(): ModelWeights {
  let drawn = 0;
  return readModel("m.keras", modelFixture("m.keras")).weights!.map(({ type, tensors }) => ({
    type,
    tensors: tensors.map(({ shape, values }) => ({
      shape,
      values: values.map(() => 0.2 + uniformAt(3, 0, drawn++)),
    })),
  }));
}

/** Dense relu, batch normalization, dense softmax, written out. */
function answersByHand(weights: ModelWeights, x: Float32Array): number[] {
  const [[k1, b1], [gamma, beta, mean, variance], [k2, b2]] = weights.map(({ tensors }) =>
    tensors.map(({ values }) => values),
  );
  return Array.from({ length: x.length / 4 }, (_, row) => {
    const hidden = Array.from({ length: 8 }, (_, j) => {
      let sum = b1[j];
      for (let i = 0; i < 4; i++) sum += x[4 * row + i] * k1[8 * i + j];
      const scaled = (Math.max(0, sum) - mean[j]) / Math.sqrt(variance[j] + 0.001);
      return scaled * gamma[j] + beta[j];
    });
    const logits = [0, 1, 2].map((k) =>
      hidden.reduce((sum, value, j) => sum + value * k2[3 * j + k], b2[k]),
    );
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
    return logits.map((z) => Math.exp(z) / total);
  }).flat();
}

test("the answers of a network with a file's weights are those of the formulas", () => {
  const weights = filled();
  const { plan, datasets } = planOf(weights);
  const [bucket] = plan.buckets;
  for (const { trainingSeed, hyper } of plan.runs) {
    const parameters = initialParameters(bucket.network, trainingSeed, hyper);
    const { x } = datasets[0].train;
    const answers = predict({ network: bucket.network, hyper }, parameters, x);
    answersByHand(weights, x).forEach((answer, i) => {
      expect(answers[i]).toBeCloseTo(answer, 5);
    });
  }
});

const engines: readonly (readonly [string, Engine])[] = [
  ["reference", createReferenceEngine({ reason: "test" })],
  ["SIMD", createSimdEngine({ reason: "test" })],
];

test.each(engines)(
  "the %s engine starts from them, and tells those at the end",
  async (_, engine) => {
    const weights = filled();
    // A rate so small that no float32 weight moves: the end is the start, but for moving statistics.
    const { plan, datasets } = planOf(weights, {}, { optimizer: "sgd", learningRate: 1e-12 });
    const trained = await trainedWeights(engine, plan, datasets);
    const { layout } = plan.buckets[0].network;
    for (const { index, trainingSeed, hyper } of plan.runs) {
      const start = initialParameters(plan.buckets[0].network, trainingSeed, hyper);
      const { parameters, status } = trained.get(index)!;
      expect(status).toBe("complete");
      expect(parameters.subarray(0, layout.trainable)).toEqual(start.subarray(0, layout.trainable));
      expect(parameters.subarray(layout.trainable)).not.toEqual(start.subarray(layout.trainable));
    }
  },
);

describe("weights of another network", () => {
  const wider = LAYERS.map((layer, i) => (i === 3 ? { units: 4 } : layer));

  test.each<[string, Partial<SpecInput["model"]>, string]>([
    [
      "another width",
      { layers: wider },
      "model.layers[3] is dense with 8 x 4, 4 weights, and they are 8 x 3, 3 in m.keras; set skipMismatch",
    ],
    [
      "a layer less",
      { layers: LAYERS.filter((_, i) => i !== 1) },
      "m.keras has 1 more layer with weights; set skipMismatch",
    ],
    [
      "a layer more",
      { layers: [...LAYERS, { units: 3 }] },
      "model.layers[4] is dense with 3 x 3, 3 weights, and there are none",
    ],
  ])("%s is a problem of the spec", (_, model, message) => {
    expect(() => planOf(filled(), model)).toThrow(message);
  });

  test("what does not fit is drawn when the spec says so", () => {
    const initialWeights = { ...SOURCE, skipMismatch: true };
    const { plan } = planOf(filled(), { layers: wider, initialWeights });
    const { network } = plan.buckets[0];
    const [a, b] = plan.runs.map((run) => initialParameters(network, run.trainingSeed, run.hyper));
    const [first, , head] = network.layout.tensors;
    const of = (values: Float32Array, { offset, size }: typeof first) =>
      values.subarray(offset, offset + size);
    expect(of(a, first)).toEqual(of(b, first));
    expect(head.shape).toEqual([8]);
    const kernel = network.layout.tensors.find(({ shape }) => shape.join() === "8,4")!;
    expect(of(a, kernel)).not.toEqual(of(b, kernel));
  });

  test("numbers that are not finite are no start", () => {
    const broken = filled();
    broken[0].tensors[0].values[3] = Number.NaN;
    expect(() => planOf(broken)).toThrow("some are not finite");
  });

  test("a file that nobody read is named", () => {
    const initialWeights = { path: "other.keras" };
    expect(() => planOf(filled(), { initialWeights })).toThrow(
      "names other.keras, which was not read",
    );
  });
});

test("a spec's files are read once each, also those of its variants", () => {
  const written = {
    model: { initialWeights: "a.keras" },
    variants: { b: { model: { initialWeights: { path: "b.h5", skipMismatch: true } } }, c: {} },
  };
  const read = (path: string) => ({ weights: [], digest: `of ${path}` });
  const { spec, weights } = withWeights(written, read);
  expect(spec).toEqual({
    model: { initialWeights: { path: "a.keras", digest: "of a.keras", skipMismatch: false } },
    variants: {
      b: { model: { initialWeights: { path: "b.h5", digest: "of b.h5", skipMismatch: true } } },
      c: {},
    },
  });
  expect(weights.size).toBe(2);
});
