// Networks with layers over images, steps and tokens, as a spec names them. What each layer computes
// is tested in layers/; here it is the way from the spec to the chain.

import { compile, initialParameters, loadDatasets, parseSpec } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { expect, test } from "vitest";
import { eventsOf, signalsOf } from "../../test/fallback-tfjs/population-case.ts";
import { createTfjsEngine } from "./index.ts";
import { networkChain } from "./network-chain.ts";

const digits = digitLikeRows(60);

function planOf(layers: object[], inputShape: number[] | undefined, changes: object = {}) {
  const spec = parseSpec({
    name: "shaped",
    data: { source: { kind: "inline", ...digits }, split: { testSize: 0.25 } },
    model: { layers, ...(inputShape && { inputShape }) },
    train: { loss: "sparseCategoricalCrossentropy", learningRate: 0.01, epochs: 6, batchSize: 16 },
    seeds: { training: 2 },
    ...changes,
  });
  const datasets = loadDatasets(spec);
  return { plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

const head = { units: 3, activation: "softmax" };

test.each([
  [
    "conv2d, batch normalization and pooling",
    [8, 8, 1],
    [
      { type: "conv2d", filters: 4, kernelSize: 3, activation: "relu" },
      { type: "batchNormalization" },
      { type: "maxPooling2d" },
      { type: "conv2d", filters: 4, kernelSize: [3, 2], padding: "same", useBias: false },
      { type: "activation", activation: "softmax" },
      { type: "globalAveragePooling2d" },
      head,
    ],
  ],
  [
    "depthwise, a residual and flatten",
    [8, 8, 1],
    [
      { type: "conv2d", filters: 4, kernelSize: 2, strides: 2, activation: "prelu" },
      { type: "depthwiseConv2d", kernelSize: 3, padding: "same", depthMultiplier: 1 },
      { type: "layerNormalization" },
      { type: "add", from: 0 },
      { type: "averagePooling2d", padding: "same" },
      { type: "flatten" },
      { type: "dropout", rate: 0.2 },
      head,
    ],
  ],
  [
    "conv1d behind a reshape, a dense layer on every step",
    undefined,
    [
      { type: "reshape", targetShape: [8, 8] },
      { type: "conv1d", filters: 6, kernelSize: 3, dilationRate: 2, activation: "tanh" },
      { units: 5, activation: "relu" },
      { type: "maxPooling1d" },
      { type: "globalMaxPooling1d" },
      head,
    ],
  ],
  [
    "recurrent layers",
    [8, 8],
    [
      { type: "lstm", units: 6, returnSequences: true },
      { type: "gru", units: 5, returnSequences: true },
      { type: "simpleRNN", units: 4, useBias: false },
      head,
    ],
  ],
  [
    "an embedding",
    undefined,
    [
      { type: "embedding", inputDim: 17, outputDim: 3 },
      { type: "globalAveragePooling1d" },
      { units: 8, activation: "relu" },
      head,
    ],
  ],
] as const)("%s: the plan fits the layers, and training lowers the loss", async (...args) => {
  const [, inputShape, layers] = args;
  const { plan, datasets } = planOf([...layers], inputShape && [...inputShape]);
  const { network } = plan.buckets[0];
  const hypers = plan.runs.map(({ hyper }) => hyper);
  for (const link of networkChain(network, hypers).links) {
    if ("adds" in link) continue;
    const sizes = link.layer.parameters.map(({ name, shape }) => [name, product(shape)]);
    expect(link.tensors.map(({ kind, size }) => [kind, size])).toEqual(sizes);
  }
  const engine = await createTfjsEngine({ backend: "wasm", reason: "test" });
  const { loss } = signalsOf(await eventsOf(engine, plan, datasets), 0);
  expect(loss[5]).toBeLessThan(loss[0]);
});

test("a convolution as large as its image is the dense layer, as the reference computes it", async () => {
  const dense = planOf([{ units: 5, activation: "tanh" }, head], undefined);
  const layers = [
    { type: "conv2d", filters: 5, kernelSize: 8, activation: "tanh" },
    { type: "flatten" },
    head,
  ];
  const shaped = planOf(layers, [8, 8, 1]);
  // Glorot's limit of such a kernel counts its places twice; the same start makes them comparable.
  const start = (plan: typeof dense.plan) => initialParameters(plan.buckets[0].network, 1);
  expect(start(shaped.plan).length).toBe(start(dense.plan).length);
  const { train } = dense.datasets[0];
  const batch = 16;
  const replayed = ({ plan }: typeof dense) => ({
    network: plan.buckets[0].network,
    hyper: plan.runs[0].hyper,
    batch,
    x: train.x.subarray(0, batch * 64),
    y: train.y.subarray(0, batch),
    parameters: start(dense.plan),
    steps: 3,
  });
  const reference = createReferenceEngine({ precision: "float64", reason: "test" });
  const tfjs = await createTfjsEngine({ backend: "cpu", reason: "test" });
  const expected = await reference.replay(replayed(dense));
  const actual = await tfjs.replay(replayed(shaped));
  actual.forEach((step, s) => {
    expect(Math.abs(step.dataLoss - expected[s].dataLoss)).toBeLessThan(1e-5);
    step.gradients.forEach((gradient, i) => {
      expect(Math.abs(gradient - expected[s].gradients[i])).toBeLessThan(1e-5);
    });
  });
});

test("the cpu engine refuses such a network by the name of the layer", async () => {
  const layers = [{ type: "conv2d", filters: 2, kernelSize: 3 }, { type: "flatten" }, head];
  const { plan, datasets } = planOf(layers, [8, 8, 1]);
  const reference = createReferenceEngine({ reason: "test" });
  await expect(eventsOf(reference, plan, datasets)).rejects.toMatchObject({
    code: "ENGINE_UNSUPPORTED_NETWORK",
    message: 'the cpu engine does not have conv2d; use the engine "tfjs".',
  });
});

/** 8 x 8 counts from 0 to 16, like scikit-learn's digits: three shapes, each moved a little. */
function digitLikeRows(count: number): { rows: number[][]; labels: number[] } {
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const rows = labels.map((label, i) => {
    const shift = Math.floor(i / 3) % 3;
    return Array.from({ length: 64 }, (_, pixel) => {
      const [y, x] = [Math.floor(pixel / 8), pixel % 8];
      const isInk = [y === 2 + shift, x === 2 + shift, x === y][label];
      return isInk ? 12 + (i % 5) : i % 4;
    });
  });
  return { rows, labels };
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
