import { expect, test } from "vitest";
import { changeWords } from "./change-words.ts";
import { patchedVariant, readSpec } from "./train-arms.ts";

const SPEC = readSpec({
  name: "plain",
  data: { source: { kind: "inline", rows: [[0], [1], [2], [3]], labels: [0, 1, 0, 1] } },
  model: {
    layers: [
      { units: 8, activation: "sigmoid" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "meanSquaredError", optimizer: "sgd", learningRate: 0.01, epochs: 20 },
});

const HEAD = { units: 1, activation: "sigmoid" };

test.each([
  [{ data: { preprocess: ["standardize"] } }, ["standardise inputs"]],
  [{ train: { learningRate: 0.1 } }, ["lr x10"]],
  [{ train: { learningRate: 0.03 } }, ["lr x10"]],
  [{ train: { learningRate: 0.02 } }, []],
  [{ train: { learningRate: 0.001 } }, ["lr /10"]],
  [{ train: { optimizer: "adam", learningRate: 0.01 } }, ["adam 0.01"]],
  [{ train: { optimizer: "adam", learningRate: 0.001 } }, ["adam 0.001"]],
  [{ train: { epochs: 100 } }, ["epochs x5"]],
  [{ train: { epochs: 2 } }, ["epochs /10"]],
  [{ train: { batchSize: 16 } }, []],
  [{ train: { loss: "binaryCrossentropy" } }, ["matching output activation and loss"]],
  [{ train: { earlyStopping: { monitor: "loss" } } }, []],
  [
    {
      model: {
        layers: [{ units: 32, activation: "relu", kernelInitializer: "heUniform" }, HEAD],
      },
    },
    ["hidden relu + he init", "one hidden layer of 32 relu"],
  ],
  [{ model: { layers: [{ units: 8, activation: "tanh" }, HEAD] } }, ["hidden tanh + glorot init"]],
  [
    {
      model: {
        layers: [{ units: 8, activation: "sigmoid", kernelRegularizer: { l2: 0.01 } }, HEAD],
      },
    },
    ["l2 0.01"],
  ],
])("%j is %j", (patch, words) => {
  expect(changeWords(patchedVariant(SPEC, {})!, patchedVariant(SPEC, patch)!)).toEqual(words);
});
