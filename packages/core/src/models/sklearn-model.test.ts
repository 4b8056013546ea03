import { expect, test } from "vitest";
import { readModel } from "./read-model.ts";

const PARAMETERS = {
  activation: "relu",
  alpha: 0.01,
  batch_size: "auto",
  beta_1: 0.9,
  beta_2: 0.999,
  early_stopping: false,
  epsilon: 1e-8,
  hidden_layer_sizes: [100, 50],
  learning_rate: "constant",
  learning_rate_init: 0.001,
  max_iter: 300,
  momentum: 0.9,
  n_iter_no_change: 10,
  nesterovs_momentum: true,
  power_t: 0.5,
  random_state: null,
  shuffle: true,
  solver: "adam",
  tol: 0.0001,
  validation_fraction: 0.1,
};

function read(change: object = {}, facts?: { rows: number; classes: number }) {
  const text = JSON.stringify({ ...PARAMETERS, ...change });
  return readModel("mlp.json", new TextEncoder().encode(text), { facts });
}

test("get_params() of an MLPClassifier, on a table of three classes", () => {
  const { format, model, train } = read({}, { rows: 150, classes: 3 });
  expect(format).toBe("scikit-learn");
  // Half of alpha over the rows of a batch: all 150, as scikit-learn has batches of 200 at most.
  const kernelRegularizer = { l2: 0.01 / 300 };
  expect(model.layers).toEqual([
    { units: 100, activation: "relu", kernelRegularizer },
    { units: 50, activation: "relu", kernelRegularizer },
    { units: 3, activation: "softmax", kernelRegularizer },
  ]);
  expect(train).toEqual({
    loss: "sparseCategoricalCrossentropy",
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    learningRate: 0.001,
    epochs: 300,
    batchSize: 150,
    earlyStopping: { monitor: "loss", patience: 10, minDelta: 0.0001 },
  });
});

test("two classes, a logistic network, and SGD that slows down", () => {
  const change = {
    ...{ activation: "logistic", hidden_layer_sizes: 8, alpha: 0, solver: "sgd" },
    ...{ learning_rate: "adaptive", batch_size: 16, shuffle: false, early_stopping: true },
  };
  const { model, train, notes } = read(change, { rows: 150, classes: 2 });
  expect(model.layers).toEqual([
    { units: 8, activation: "sigmoid" },
    { units: 1, activation: "sigmoid" },
  ]);
  expect(train).toMatchObject({
    loss: "binaryCrossentropy",
    optimizer: { name: "sgd", momentum: 0.9, nesterov: true },
    batchSize: 16,
    shuffle: false,
    earlyStopping: { monitor: "valAccuracy" },
    reduceOnPlateau: { factor: 0.2 },
  });
  expect(notes.join()).toContain("reduceOnPlateau");
});

test("without a table two classes are taken, and that is said", () => {
  const { model, notes } = read();
  expect(model.layers.at(-1)).toMatchObject({ units: 1 });
  expect(notes[1]).toContain("two classes are taken");
});

test.each<[object, string]>([
  [{ solver: "lbfgs" }, 'solver is "lbfgs"; a spec has adam and sgd'],
  [{ solver: "sgd", learning_rate: "invscaling" }, "a spec has no invscaling"],
  [{ activation: "sine" }, 'activation is "sine"; it must be identity, logistic, tanh, relu'],
  [{ hidden_layer_sizes: [10, "x"] }, "it must be a list of whole numbers"],
  [{ alpha: "much" }, 'alpha is "much"; it must be a number'],
])("%j is named", (change, message) => {
  expect(() => read(change)).toThrow(message);
});
