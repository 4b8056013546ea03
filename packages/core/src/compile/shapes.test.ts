// What reaches each layer of a model, and what is said where it does not fit.

import { expect, test } from "vitest";
import { loadDatasets } from "../compile/compile.ts";
import { initialParameters } from "../engine/initial-parameters.ts";
import { SpecError } from "../spec/errors.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { compile } from "./compile.ts";

const head = { units: 2, activation: "softmax" };

function networkFor(layers: object[], inputShape?: number[], values = 0) {
  const row = Array(24).fill(values);
  const spec = parseSpec({
    name: "shapes",
    data: { source: { kind: "inline", rows: [row, row], labels: [0, 1] } },
    model: { layers, ...(inputShape && { inputShape }) },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 1 },
  });
  return compile(spec, loadDatasets(spec)).buckets[0].network;
}

function problemOf(...args: Parameters<typeof networkFor>): string {
  try {
    networkFor(...args);
    return "no problem";
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}

const conv = { type: "conv2d", filters: 5, kernelSize: 3 };

test("shapes go from layer to layer, and kernels follow them", () => {
  const network = networkFor(
    [
      { ...conv, strides: 2, padding: "same" },
      { type: "batchNormalization" },
      { type: "reshape", targetShape: [6, 5] },
      { type: "gru", units: 3 },
      head,
    ],
    [4, 6, 1],
  );
  expect(network.layers.map(({ inputs, units }) => [inputs, units])).toEqual([
    [24, 30],
    [30, 3],
    [3, 2],
  ]);
  expect(network.layout.tensors.map(({ kind, shape }) => [kind, ...shape])).toEqual([
    ["kernel", 3, 3, 1, 5],
    ["bias", 5],
    ["gamma", 5],
    ["beta", 5],
    ["kernel", 5, 9],
    ["recurrentKernel", 3, 9],
    ["bias", 2, 9],
    ["kernel", 3, 2],
    ["bias", 2],
    ["movingMean", 5],
    ["movingVariance", 5],
  ]);
});

test("first weights have Keras's fans, orthogonal states and open forget gates", () => {
  const network = networkFor(
    [conv, { type: "reshape", targetShape: [8, 5] }, { type: "lstm", units: 4 }, head],
    [4, 6, 1],
  );
  const parameters = initialParameters(network, 3);
  const tensor = (layer: number, kind: string) => {
    const { offset, size } = network.layout.tensors.find(
      (t) => t.layer === layer && t.kind === kind,
    )!;
    return parameters.slice(offset, offset + size);
  };
  // fanIn 3 x 3 x 1, fanOut 3 x 3 x 5.
  const limit = Math.sqrt(6 / (9 + 45));
  const largest = Math.max(...tensor(0, "kernel").map(Math.abs));
  expect(largest).toBeLessThanOrEqual(limit);
  expect(largest).toBeGreaterThan(0.8 * limit);
  const states = tensor(1, "recurrentKernel");
  const dot = (a: number, b: number) =>
    Array.from({ length: 16 }, (_, i) => states[a * 16 + i] * states[b * 16 + i]).reduce(
      (sum, term) => sum + term,
    );
  expect(dot(0, 0)).toBeCloseTo(1, 6);
  expect(dot(0, 3)).toBeCloseTo(0, 6);
  expect([...tensor(1, "bias")]).toEqual([0, 1, 0, 0].flatMap((value) => Array(4).fill(value)));
});

test("flatten and reshape alone leave a dense network", () => {
  const network = networkFor([{ type: "flatten" }, head], [4, 6]);
  expect(network.layers[0].transform).toBeUndefined();
});

test.each([
  [
    [conv, { type: "flatten" }, head],
    undefined,
    "model.layers[0]: is conv2d, which takes (height, width, channels), but 24 numbers reach it; give model.inputShape, or put a reshape in front.",
  ],
  [
    [conv, { type: "flatten" }, head],
    [5, 5, 1],
    "model.inputShape: is 5 x 5 x 1, 25 numbers, but the data has 24 columns; both must be equal.",
  ],
  [
    [{ ...conv, kernelSize: [5, 3] }, { type: "flatten" }, head],
    [4, 6, 1],
    "model.layers[0].kernelSize: is 5 x 3, but only 4 x 6 reach it; make it smaller, or set padding to same.",
  ],
  [
    [{ type: "reshape", targetShape: [5, 5] }, { type: "lstm", units: 2 }, head],
    undefined,
    "model.layers[0].targetShape: is 5 x 5, 25 numbers, but 24 numbers reach it, 24; both must be equal.",
  ],
  [
    [head, conv],
    undefined,
    "model.layers[1]: is conv2d, which takes (height, width, channels), but 2 numbers reach it; give model.inputShape, or put a reshape in front.",
  ],
  [
    [conv, head],
    [4, 6, 1],
    "model.layers[1]: is dense, and the network ends with 2 x 4 x 2 numbers per row; end it with a dense layer behind a flatten or a global pooling.",
  ],
  [
    [{ ...conv, strides: 2, dilationRate: 2, padding: "same" }, { type: "flatten" }, head],
    [4, 6, 1],
    "model.layers[0].dilationRate: is 2 x 2 with strides of 2 x 2; one of them must be 1.",
  ],
  [
    [
      { ...conv, padding: "same" },
      { ...conv, filters: 4, padding: "same" },
      { type: "add", from: 0 },
      { type: "flatten" },
      head,
    ],
    [4, 6, 1],
    "model.layers[2].from: names a layer of 4 x 6 x 5 numbers, but here are 4 x 6 x 4; both must be equal.",
  ],
  [
    [{ ...conv, kernelInitializer: "identity" }, { type: "flatten" }, head],
    [4, 6, 1],
    "model.layers[0]: starts from identity, which only a matrix can be; choose another initializer.",
  ],
] as const)("%# a misfit is named with its numbers", (layers, inputShape, says) => {
  expect(problemOf([...layers], inputShape && [...inputShape])).toBe(says);
});

test("an embedding reads tokens, and reads them first", () => {
  const embedding = { type: "embedding", inputDim: 5, outputDim: 2 };
  const layers = [embedding, { type: "flatten" }, head];
  expect(problemOf(layers, undefined, 4)).toBe("no problem");
  expect(problemOf(layers, undefined, 5)).toBe(
    "data: has 5 in column x0; an embedding with inputDim 5 takes whole numbers from 0 to 4.",
  );
  expect(problemOf([{ units: 3 }, ...layers], undefined)).toMatch(/it must come first/);
});

test("options that are not computed are problems", () => {
  expect(problemOf([{ ...conv, padding: "causal" }, head])).toContain(
    'model.layers[0].padding: is "causal"; it must be "valid" or "same".',
  );
  expect(problemOf([{ type: "lstm", units: 2, activation: "relu" }, head])).toContain(
    'model.layers[0].activation: is "relu"; it must be "tanh".',
  );
  expect(problemOf([{ ...conv, groups: 2 }, head])).toContain('"groups" is not a key here.');
});
