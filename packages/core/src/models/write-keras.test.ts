import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { modelFixture } from "../../test/keras-file.ts";
import { predict } from "../engine/reference/index.ts";
import { createSimdEngine } from "../engine/simd/index.ts";
import {
  compile,
  initialParameters,
  loadDatasets,
  parseSpec,
  resolveVariants,
  type SpecInput,
  trainedWeights,
  weightsKey,
} from "../index.ts";
import { Hdf5Group } from "./hdf5.ts";
import { readModel } from "./read-model.ts";
import { writeKeras, writeKerasJson } from "./write-keras.ts";

interface Network {
  readonly inputs?: number;
  readonly model: SpecInput["model"];
  readonly train?: Partial<SpecInput["train"]>;
}

function compiled({ inputs = 4, model, train }: Network, weights?: Parameters<typeof compile>[2]) {
  const spec = parseSpec({
    name: "m",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [24, inputs] },
        labels: { randint: { low: 0, high: 3, size: 24 } },
      },
    },
    model,
    train: { loss: "sparseCategoricalCrossentropy", epochs: 3, batchSize: 8, ...train },
    seeds: { training: 1 },
  });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets, weights);
  const [variant] = resolveVariants(spec);
  const [{ network }] = plan.buckets;
  return { spec, plan, variant, network, run: plan.runs[0], datasets: [...datasets.values()] };
}

type Layers = SpecInput["model"]["layers"];

const HEAD: Layers[number] = { units: 3, activation: "softmax" };

const NETWORKS: Record<string, Network> = {
  "every operation": {
    model: {
      layers: [
        { type: "batchNormalization", momentum: 0.9 },
        {
          units: 6,
          activation: { name: "leakyReLU", alpha: 0.1 },
          activityRegularizer: { l2: 0.01 },
        },
        { type: "dropout", rate: 0.2 },
        { units: 6, activation: { name: "prelu", alpha: 0.25 }, useBias: false },
        { type: "layerNormalization", epsilon: 0.01 },
        { type: "gaussianNoise", stddev: 0.1 },
        { units: 6, activation: { name: "elu", alpha: 0.5 } },
        { type: "alphaDropout", rate: 0.1 },
        { units: 5, activation: "swish", kernelInitializer: { name: "randomNormal", stddev: 0.3 } },
        { type: "activation", activation: "hardSigmoid" },
        { units: 3, kernelRegularizer: { l1: 0.001, l2: 0.01 }, biasInitializer: "ones" },
        { type: "activation", activation: "softmax" },
      ],
    },
    train: {
      optimizer: { name: "sgd", momentum: 0.9, nesterov: true, clipNorm: 1 },
      learningRate: { schedule: "exponential", initial: 0.1, decaySteps: 5, decayRate: 0.5 },
    },
  },
  "a residual connection": {
    model: {
      layers: [
        { units: 6, activation: "tanh" },
        { units: 6, activation: { name: "leakyReLU", alpha: 0.2 } },
        { type: "add", from: 0 },
        { type: "batchNormalization" },
        HEAD,
      ],
    },
    train: {
      loss: { name: "categoricalCrossentropy", labelSmoothing: 0.1 },
      optimizer: { name: "adamw", weightDecay: 0.01, globalClipNorm: 1 },
    },
  },
};

describe.each(Object.entries(NETWORKS))("%s", (_, written) => {
  test("a network trained here, as a file and back, answers the same to the bit", async () => {
    const { plan, variant, network, run, datasets } = compiled(written);
    const engine = createSimdEngine({ reason: "test" });
    const { parameters } = (await trainedWeights(engine, plan, datasets)).get(0)!;
    const { bytes, notes } = await writeKeras(variant, network, parameters);
    expect(notes).toEqual([]);

    const model = readModel("m.keras", bytes);
    const source = { path: "m.keras", digest: "1" };
    const again = compiled(
      { model: { ...model.model, initialWeights: source }, train: model.train },
      new Map([[weightsKey(source), model.weights!]]),
    );
    const [start] = again.plan.runs;
    const read = initialParameters(again.network, start.trainingSeed, start.hyper);
    const { x } = datasets[0].train;
    const answers = predict({ network, hyper: run.hyper }, parameters, x);
    expect(predict({ network: again.network, hyper: start.hyper }, read, x)).toEqual(answers);
    expect(again.variant.train).toEqual(variant.train);
  });
});

test("layers of images, steps and tokens keep their places", async () => {
  const networks: Network[] = [
    {
      inputs: 36,
      model: {
        inputShape: [6, 6, 1],
        layers: [
          { type: "conv2d", filters: 2, kernelSize: 3, activation: "relu", padding: "same" },
          { type: "depthwiseConv2d", kernelSize: 2 },
          { type: "maxPooling2d" },
          { type: "flatten" },
          HEAD,
        ],
      },
    },
    { inputs: 6, model: { inputShape: [3, 2], layers: [{ type: "lstm", units: 4 }, HEAD] } },
    {
      inputs: 6,
      model: {
        inputShape: [3, 2],
        layers: [{ type: "gru", units: 4, returnSequences: true }, { type: "flatten" }, HEAD],
      },
    },
  ];
  for (const written of networks) {
    const { variant, network, run } = compiled(written);
    const parameters = initialParameters(network, 0, run.hyper);
    const { bytes } = await writeKeras(variant, network, parameters);
    const { weights, model } = readModel("m.keras", bytes);
    const flat = weights!.flatMap(({ tensors }) => tensors.flatMap(({ values }) => [...values]));
    expect(Float32Array.from(flat)).toEqual(parameters);
    expect(model.inputShape).toEqual(written.model.inputShape);
  }
});

describe("beside the file of Keras 3.15.1", () => {
  const original = unzipSync(modelFixture("m.keras"));
  const model = readModel("m.keras", modelFixture("m.keras"));
  const source = { path: "m.keras", digest: "1" };
  const { variant, network, run } = compiled(
    { model: { ...model.model, initialWeights: source }, train: model.train },
    new Map([[weightsKey(source), model.weights!]]),
  );

  test("the same arrays of the same shapes and numbers at the same paths", async () => {
    const start = initialParameters(network, run.trainingSeed, run.hyper);
    const { bytes } = await writeKeras(variant, network, start);
    const entries = unzipSync(bytes);
    expect(Object.keys(entries)).toEqual(Object.keys(original));
    const root = (weights: Uint8Array) => Hdf5Group.open(weights, "m.weights.h5");
    const [ours, theirs] = [entries, original].map((each) => root(each["model.weights.h5"]));
    const paths = ["dense", "batch_normalization", "dropout", "dense_1"];
    expect([...ours.group("layers")!.names].sort()).toEqual([...paths].sort());
    for (const path of paths) {
      const [own, their] = [ours, theirs].map((file) => file.group(`layers/${path}/vars`)!);
      expect(own.text("name")).toBe(their.text("name"));
      expect(own.names).toEqual(their.names);
      for (const name of their.names) expect(own.tensor(name)).toEqual(their.tensor(name));
    }
    expect(ours.group("vars")).toBeDefined();
  });

  test("what both configurations say is the same", () => {
    const theirs = JSON.parse(strFromU8(original["config.json"]));
    const ours = JSON.parse(writeKerasJson(variant, network).text);
    // Keras 3 reads the type as a word and the loss as an object too; its rate went through float32.
    expect(differences(ours, theirs)).toEqual([
      ...[1, 2, 3, 4].map((layer) => `config.layers.${layer}.config.dtype`),
      "compile_config.optimizer.config.learning_rate",
      "compile_config.loss",
    ]);
  });
});

/** Paths at which two values have unequal leaves; what only the second has does not count. */
function differences(ours: unknown, theirs: unknown, path = ""): string[] {
  if (typeof ours !== "object" || ours === null) return Object.is(ours, theirs) ? [] : [path];
  if (typeof theirs !== "object" || theirs === null) return [path];
  return Object.entries(ours).flatMap(([key, value]) =>
    differences(value, (theirs as Record<string, unknown>)[key], path ? `${path}.${key}` : key),
  );
}

test("what Keras's files have no word for is named, with the way out", async () => {
  const gelu = compiled({ model: { layers: [{ units: 2, activation: "geluTanh" }, HEAD] } });
  expect(() => writeKerasJson(gelu.variant, gelu.network)).toThrow(
    "model.layers[0] of baseline: has the activation geluTanh, for which Keras's files have no word",
  );
  const { variant, network } = compiled({
    model: { layers: [HEAD] },
    train: { learningRate: { schedule: "oneCycle", peak: 0.1, totalSteps: 9 } },
  });
  const { text, notes } = writeKerasJson(variant, network);
  expect(notes[0]).toContain("oneCycle");
  expect(JSON.parse(text)).not.toHaveProperty("compile_config");
});
