import { expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { trainingText } from "./settings-text.ts";

test.each([
  [{}, "loss binaryCrossentropy, optimizer adam, learningRate 0.001, epochs 50,"],
  [
    {
      loss: { name: "binaryCrossentropy", labelSmoothing: 0.1, gamma: 2 },
      optimizer: { name: "sgd", momentum: 0.9, clipNorm: 1 },
    },
    "loss binaryCrossentropy (labelSmoothing 0.1), optimizer sgd (momentum 0.9, clipNorm 1), learningRate 0.01, epochs 50,",
  ],
])("settings %j: what a loss or an optimizer has by default is left out", (train, text) => {
  const [{ train: resolved }] = resolveVariants(lintSpec({ train: { epochs: 50, ...train } }));
  expect(trainingText(resolved)).toContain(text);
});
