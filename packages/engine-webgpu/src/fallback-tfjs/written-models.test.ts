// Models that core writes and reads, against TensorFlow.js itself: what it loads, answers and saves.

import {
  compile,
  initialParameters,
  layerTensors,
  loadDatasets,
  parseSpec,
  readModel,
  resolveVariants,
  type SpecInput,
  uniformAt,
  weightsKey,
  writeTfjs,
} from "@convergence-lab/core";
import { predict } from "@convergence-lab/core/reference";
import * as tf from "@tensorflow/tfjs-core";
import * as layersApi from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { createTfjsEngine } from "./index.ts";
import "@tensorflow/tfjs-backend-cpu";

beforeAll(() => tf.setBackend("cpu"));

// Both sum in float32, in different orders.
const DIGITS = 5;

type Layers = SpecInput["model"]["layers"];

function compiled(
  model: SpecInput["model"],
  inputs: number,
  weights?: Parameters<typeof compile>[2],
) {
  const spec = parseSpec({
    name: "m",
    data: {
      source: {
        kind: "numpy",
        features: { randn: [9, inputs] },
        labels: { randint: { low: 0, high: 3, size: 9 } },
      },
    },
    model,
    train: { loss: "sparseCategoricalCrossentropy", optimizer: "rmsprop", epochs: 1 },
    seeds: { training: 1 },
  });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets, weights);
  const [{ network }] = plan.buckets;
  const [variant] = resolveVariants(spec);
  return { variant, network, run: plan.runs[0], x: [...datasets.values()][0].train.x };
}

/** Parameters that are nowhere 0 or 1: an array in another's place gives other answers. */
function filled(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 0.1 + uniformAt(5, 0, i));
}

const HEAD: Layers[number] = { units: 3, activation: "softmax" };

const NETWORKS: Record<string, { inputs: number; model: SpecInput["model"] }> = {
  "dense layers": {
    inputs: 4,
    model: {
      layers: [
        { type: "batchNormalization" },
        { units: 6, activation: { name: "leakyReLU", alpha: 0.1 } },
        { type: "dropout", rate: 0.2 },
        { units: 6, activation: { name: "prelu", alpha: 0.25 }, useBias: false },
        { type: "layerNormalization", epsilon: 0.01 },
        { units: 6, activation: "elu" },
        { units: 5, activation: "swish", kernelRegularizer: { l2: 0.01 } },
        { units: 5, activation: "gelu", kernelInitializer: "leCunNormal" },
        { type: "gaussianNoise", stddev: 0.1 },
        HEAD,
      ],
    },
  },
  "a residual connection": {
    inputs: 4,
    model: {
      layers: [
        { units: 6, activation: "tanh" },
        { units: 6, activation: "selu" },
        { type: "add", from: 0 },
        HEAD,
      ],
    },
  },
  "an image": {
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
  steps: {
    inputs: 6,
    model: { inputShape: [3, 2], layers: [{ type: "lstm", units: 4 }, HEAD] },
  },
};

describe.each(Object.entries(NETWORKS))("%s", (_, { inputs, model }) => {
  const { variant, network, run, x } = compiled(model, inputs);
  const parameters = filled(network.layout.size);
  const { files, notes } = writeTfjs(variant, network, parameters);

  async function loaded(): Promise<layersApi.LayersModel> {
    const { modelTopology, weightsManifest, trainingConfig } = JSON.parse(
      new TextDecoder().decode(files["model.json"]),
    );
    const [{ paths, weights }] = weightsManifest;
    const data = files[paths[0]];
    return layersApi.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weights,
        weightData: data.slice().buffer as ArrayBuffer,
        trainingConfig,
      }),
    );
  }

  async function answersOf(loadedModel: layersApi.LayersModel): Promise<Float32Array> {
    const rows = x.length / inputs;
    const shaped = tf.tensor(x, [rows, ...(model.inputShape ?? [inputs])]);
    const output = loadedModel.predict(shaped) as tf.Tensor;
    return (await output.data()) as Float32Array;
  }

  /** Layers over shapes are not the reference's; without dropout a training step answers the same. */
  async function ourTfjsAnswers(): Promise<number[]> {
    const engine = await createTfjsEngine({ backend: "cpu", reason: "test" });
    const batch = x.length / inputs;
    const y = new Float32Array(batch);
    const { hyper } = run;
    const [{ logits }] = await engine.replay({ network, hyper, batch, x, y, parameters, steps: 1 });
    await engine.dispose();
    return Array.from({ length: batch }, (_, row) => {
      const powers = Array.from(logits.subarray(3 * row, 3 * row + 3), Math.exp);
      const total = powers.reduce((sum, power) => sum + power, 0);
      return powers.map((power) => power / total);
    }).flat();
  }

  test("TensorFlow.js answers as our engines do", async () => {
    expect(notes).toEqual([]);
    const theirs = await answersOf(await loaded());
    const ours =
      model.inputShape === undefined
        ? predict({ network, hyper: run.hyper }, parameters, x)
        : await ourTfjsAnswers();
    ours.forEach((value, i) => {
      expect(theirs[i]).toBeCloseTo(value, DIGITS);
    });
  });

  test("what TensorFlow.js saves is read as the same network with the same weights", async () => {
    const written: Record<string, Uint8Array> = {};
    await (await loaded()).save(
      tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, trainingConfig }) => {
        const weightsManifest = [{ paths: ["w.bin"], weights: weightSpecs }];
        const saved = { format: "layers-model", modelTopology, weightsManifest, trainingConfig };
        written["model.json"] = new TextEncoder().encode(JSON.stringify(saved));
        written["w.bin"] = new Uint8Array(weightData as ArrayBuffer);
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const read = readModel("model.json", written["model.json"], {
      sibling: (name) => written[name],
    });
    const source = { path: "model.json", digest: "1" };
    const again = compiled(
      { ...read.model, initialWeights: source },
      inputs,
      new Map([[weightsKey(source), read.weights!]]),
    );
    const start = initialParameters(again.network, again.run.trainingSeed, again.run.hyper);
    // A fused prelu is a layer of its own there, so arrays are compared by their layers' order.
    const ordered = (of: typeof again, values: Float32Array) =>
      layerTensors(of.variant.model, of.network)
        .flat()
        .flatMap(({ offset, size }) => [...values.subarray(offset, offset + size)]);
    const first = { variant, network, run, x };
    expect(ordered(again, start)).toEqual(ordered(first, parameters));
  });
});

test.each<[Layers[number], string]>([
  [{ units: 3, activation: "hardSigmoid" }, "its hardSigmoid is that of Keras 2"],
  [{ units: 3, activation: "exponential" }, "it has no activation exponential"],
  [{ units: 3, activation: { name: "elu", alpha: 0.5 } }, "its ELU has no alpha but 1"],
])("what TensorFlow.js does not have is named: %j", (layer, message) => {
  const { variant, network } = compiled({ layers: [layer, HEAD] }, 4);
  expect(() => writeTfjs(variant, network, filled(network.layout.size))).toThrow(message);
});
