import { expect, test } from "vitest";
import { compileNetwork } from "../../../test/compile-network.ts";
import { Arena } from "./arena.ts";
import { borrowKernels } from "./kernels.ts";
import { SimdNetwork } from "./simd-network.ts";
import { unsupportedWord } from "./supports.ts";

/** What is refused in a small network with these changes. */
function refused(change: {
  layers?: object[];
  train?: object;
  dense?: object;
  head?: object[];
}): string | null {
  const layers = [{ units: 3, activation: "relu", ...change.dense }, ...(change.layers ?? [])];
  const head = change.head ?? [{ units: 2, activation: "softmax" }];
  const { network, hyper } = compileNetwork({
    model: { layers: [...layers, ...head] as never },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 1, ...change.train } as never,
    inputs: 2,
  });
  return unsupportedWord(network, hyper);
}

test("what the narrow networks of before ask for is there", () => {
  expect(refused({})).toBeNull();
  expect(refused({ dense: { activation: "leakyReLU", kernelRegularizer: { l1: 1 } } })).toBeNull();
  expect(refused({ train: { optimizer: "adamw" } })).toBeNull();
  expect(refused({ train: { optimizer: { name: "rmsprop", momentum: 0.5 } } })).toBeNull();
});

test.each([
  ["the operation dropout", { layers: [{ type: "dropout", rate: 0.5 }] }],
  ["the activation mish", { dense: { activation: "mish" } }],
  ["a softmax over one unit", { layers: [{ units: 1, activation: "softmax" }], head: [] }],
  ["elu with alpha 0.5", { dense: { activation: { name: "elu", alpha: 0.5 } } }],
  ["penalties on biases and activities", { dense: { biasRegularizer: { l2: 0.1 } } }],
  ["the loss categoricalCrossentropy", { train: { loss: "categoricalCrossentropy" } }],
  [
    "losses told to take logits",
    { train: { loss: { name: "binaryCrossentropy", fromLogits: true } } },
  ],
  ["labelSmoothing", { train: { loss: { name: "binaryCrossentropy", labelSmoothing: 0.1 } } }],
  ["the optimizer lion", { train: { optimizer: "lion" } }],
  ["AMSGrad", { train: { optimizer: { name: "adam", amsgrad: true } } }],
  ["centered RMSprop", { train: { optimizer: { name: "rmsprop", centered: true } } }],
  ["weight decay with sgd", { train: { optimizer: { name: "sgd", weightDecay: 0.1 } } }],
  ["clipNorm", { train: { optimizer: { name: "sgd", clipNorm: 1 } } }],
  ["classWeight", { train: { classWeight: { "0": 2 } } }],
  [
    "learningRates",
    { train: { epochs: 9, learningRate: { schedule: "cosine", initial: 1, decaySteps: 9 } } },
  ],
  ["earlyStopping", { train: { earlyStopping: {} } }],
  ["reduceOnPlateau", { train: { reduceOnPlateau: {} } }],
] as [string, Parameters<typeof refused>[0]][])("%s is refused", (word, change) => {
  expect(refused(change)).toBe(word);
});

test("a network that is built all the same throws with a code and the way out", () => {
  const kernels = borrowKernels();
  const { network, hyper } = compileNetwork({
    model: { layers: [{ units: 1, activation: "hardSigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
    inputs: 2,
  });
  const build = () => new SimdNetwork(kernels, new Arena(kernels.memory), network, hyper, 4);
  expect(build).toThrow(expect.objectContaining({ code: "ENGINE_UNSUPPORTED" }));
  expect(build).toThrow(/hardSigmoid; train this network with the reference engine/);
});
