import { expect, test } from "vitest";
import { parseSpec } from "../spec/parse-spec.ts";
import { compile, loadDatasets } from "./compile.ts";
import { wordsOfPlan } from "./words-of.ts";

function wordsOfModel(layers: object[], train: object = {}, source: object = {}): string[] {
  const spec = parseSpec({
    name: "words",
    data: { source: { kind: "inline", rows: [[1], [2]], labels: [0, 1], ...source } },
    model: { layers },
    train: { loss: "binaryCrossentropy", epochs: 2, ...train },
  });
  return wordsOfPlan(compile(spec, loadDatasets(spec)));
}

const head = { units: 1, activation: "sigmoid" };

test("a plain network has the words of its loss, optimizer and activations", () => {
  expect(wordsOfModel([{ units: 4, activation: "relu" }, head])).toEqual([
    "binaryCrossentropy",
    "adam",
    "relu",
    "sigmoid",
  ]);
});

test("what is set is a word, what is left at its default is not", () => {
  const layers = [
    { units: 4, activation: { name: "elu", alpha: 0.5 }, biasRegularizer: { l2: 0.1 } },
    { type: "dropout", rate: 0.5 },
    head,
  ];
  const train = {
    optimizer: { name: "adam", amsgrad: true, clipNorm: 1, weightDecay: 0.01 },
    learningRate: { schedule: "exponential", initial: 0.1, decaySteps: 10, decayRate: 0.5 },
    earlyStopping: {},
  };
  expect(wordsOfModel(layers, train).sort()).toEqual(
    [
      "adam",
      "alpha",
      "amsgrad",
      "biasRegularizer",
      "binaryCrossentropy",
      "clipNorm",
      "dropout",
      "earlyStopping",
      "elu",
      "learningRates",
      "sigmoid",
      "weightDecay",
    ].sort(),
  );
});

test("rows that have weights are a word", () => {
  expect(wordsOfModel([head], {}, { sampleWeight: [1, 2] })).toContain("sampleWeight");
});
