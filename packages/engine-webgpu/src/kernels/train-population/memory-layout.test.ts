import { expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../../test/networks.ts";
import { memoryLayout, packParameters, unpackParameters } from "./memory-layout.ts";

const network = denseNetwork({ inputs: 5, units: [6, 3] });

test("kernels are padded to blocks of four on both sides, and nothing overlaps", () => {
  const { layers, parameterBlocks, slots, networkBlocks } = memoryLayout({
    network,
    batchSize: 7,
    features: PLAIN_FEATURES,
  });
  // (5 -> 8 inputs) x (6 -> 2 blocks), 2 blocks of bias; (6 -> 8 inputs) x 1 block, 1 of bias.
  expect(layers.map(({ kernel, bias }) => [kernel, bias])).toEqual([
    [0, 16],
    [18, 26],
  ]);
  expect(parameterBlocks).toBe(27);
  // Parameters, gradients, and Adam's two moments.
  expect([slots, networkBlocks]).toEqual([4, 4 * 27]);
});

test("values hold inputs, outputs and gradients of a batch rounded up to blocks", () => {
  const { batchBlocks, layers, labels } = memoryLayout({
    network,
    batchSize: 7,
    features: PLAIN_FEATURES,
  });
  expect(batchBlocks).toBe(2);
  expect(layers.map(({ input, output, gradient }) => [input, output, gradient])).toEqual([
    [0, 16, 32],
    [16, 48, 56],
  ]);
  expect(labels).toBe(64);
});

test("parameters come back as they went, and padding stays 0", () => {
  const layout = memoryLayout({ network, batchSize: 7, features: PLAIN_FEATURES });
  const flat = Float32Array.from({ length: network.layout.size }, (_, i) => i + 1);
  const packed = new Float32Array(4 * layout.parameterBlocks);
  packParameters(layout, flat, packed);
  expect(unpackParameters(layout, packed)).toEqual(flat);
  expect(packed.filter((value) => value !== 0).length).toBe(flat.length);
  // Second row of the first kernel.
  expect([...packed.subarray(8, 16)]).toEqual([7, 8, 9, 10, 11, 12, 0, 0]);
});

test.each([
  ["sgd", 2],
  ["adam", 4],
  ["adamw", 4],
  ["rmsprop", 3],
  ["adagrad", 3],
] as const)("%s takes %i copies of the parameters", (optimizer, slots) => {
  expect(
    memoryLayout({
      network: denseNetwork({ units: [1], optimizer }),
      batchSize: 1,
      features: PLAIN_FEATURES,
    }).slots,
  ).toBe(slots);
});
