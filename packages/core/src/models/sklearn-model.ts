// scikit-learn's MLPClassifier by its get_params(): the hidden layers, and how they are trained. Its
// head and its penalty follow from the table; what it calls by another name is translated.

import type { Loss, SpecInput } from "../spec/spec.ts";
import { unsupported } from "./errors.ts";
import { type Fields, wordOr } from "./keras-objects.ts";
import type { ImportedModel } from "./model.ts";

/** What a network of scikit-learn depends on beside its parameters. */
export interface TableFacts {
  readonly rows: number;
  readonly classes: number;
}

export function isSklearn(source: Fields): boolean {
  return source.hidden_layer_sizes !== undefined;
}

/** @throws ModelError that names the parameter which a spec cannot say. */
export function sklearnModel(source: Fields, file: string, facts?: TableFacts): ImportedModel {
  const parameters = { ...DEFAULTS, ...source };
  const fail = (key: string, says: string) =>
    unsupported(file, `${key} is ${JSON.stringify(source[key])}; ${says}.`);
  const number = (key: string): number => {
    const value = (parameters as Fields)[key];
    if (typeof value === "number" && value >= 0) return value;
    throw fail(key, "it must be a number from 0");
  };
  const { solver, activation, batch_size: batch, learning_rate: schedule } = parameters;
  const { rows = 200, classes = 2 } = facts ?? {};
  if (solver !== "adam" && solver !== "sgd") {
    throw fail("solver", "a spec has adam and sgd, and no method that takes all rows at once");
  }
  if (schedule === "invscaling" && solver === "sgd") {
    throw fail(
      "learning_rate",
      "a spec has no invscaling; write a schedule of Keras into the spec",
    );
  }
  const batchSize = batch === "auto" ? Math.min(200, rows) : number("batch_size");
  const penalty = number("alpha") / (2 * batchSize);
  const layer = (units: number, name: string) => ({
    units,
    activation: name,
    ...(penalty > 0 ? { kernelRegularizer: { l2: penalty } } : {}),
  });
  const sizes = [parameters.hidden_layer_sizes].flat();
  const word = ACTIVATIONS.get(wordOr(activation, ""));
  if (word === undefined)
    throw fail("activation", `it must be ${[...ACTIVATIONS.keys()].join(", ")}`);
  if (!sizes.every((size) => typeof size === "number" && Number.isInteger(size) && size >= 1)) {
    throw fail("hidden_layer_sizes", "it must be a list of whole numbers from 1");
  }
  const hidden = (sizes as number[]).map((size) => layer(size, word));
  const head = classes === 2 ? layer(1, "sigmoid") : layer(classes, "softmax");
  const loss: Loss = classes === 2 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  const stopping = {
    monitor: parameters.early_stopping === true ? "valAccuracy" : "loss",
    patience: number("n_iter_no_change"),
    minDelta: number("tol"),
  } as const;
  const notes = [
    "its first weights are glorotUniform and zeros here; scikit-learn draws its biases too.",
    ...(facts === undefined
      ? ["its head depends on the table: two classes are taken, and batches of 200 rows at most."]
      : []),
    ...(schedule === "adaptive" && solver === "sgd"
      ? ["learning_rate adaptive is reduceOnPlateau with a factor of 0.2 here."]
      : []),
  ];
  const isAdaptive = schedule === "adaptive" && solver === "sgd";
  const train: Partial<SpecInput["train"]> = {
    loss,
    optimizer:
      solver === "adam"
        ? { name: "adam", ...adamSettings(number) }
        : {
            name: "sgd",
            momentum: number("momentum"),
            nesterov: parameters.nesterovs_momentum === true,
          },
    learningRate: number("learning_rate_init"),
    epochs: number("max_iter"),
    batchSize,
    ...(parameters.shuffle === false ? { shuffle: false } : {}),
    earlyStopping: stopping,
    ...(isAdaptive
      ? { reduceOnPlateau: { monitor: "loss", factor: 0.2, patience: 2, minDelta: number("tol") } }
      : {}),
  };
  return {
    format: "scikit-learn",
    name: "mlp",
    model: { layers: [...hidden, head] },
    train,
    preprocess: [],
    notes,
  };
}

function adamSettings(number: (key: string) => number) {
  return { beta1: number("beta_1"), beta2: number("beta_2"), epsilon: number("epsilon") };
}

const ACTIVATIONS: ReadonlyMap<string, string> = new Map([
  ["identity", "linear"],
  ["logistic", "sigmoid"],
  ["tanh", "tanh"],
  ["relu", "relu"],
]);

/** scikit-learn's, for what a shortened JSON leaves out. */
const DEFAULTS = {
  hidden_layer_sizes: [100] as unknown,
  activation: "relu" as unknown,
  solver: "adam" as unknown,
  alpha: 0.0001,
  batch_size: "auto" as unknown,
  learning_rate: "constant" as unknown,
  learning_rate_init: 0.001,
  max_iter: 200,
  shuffle: true as unknown,
  tol: 1e-4,
  momentum: 0.9,
  nesterovs_momentum: true as unknown,
  early_stopping: false as unknown,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-8,
  n_iter_no_change: 10,
} as const;
