import { describe, expect, test } from "vitest";
import { sweepOf, sweptSpec } from "../../test/sweep-of.ts";
import { SpecError } from "../spec/errors.ts";
import { parseSweep, sweepHash } from "./parse-sweep.ts";

const RATE = { "train.learningRate": { values: [0.1, 0.01] } };

test("everything has its default, and no default changes the hash", () => {
  const sweep = sweepOf({ parameters: RATE });
  expect(sweep).toMatchObject({
    name: "small",
    method: "grid",
    metric: { name: "valLoss", goal: "minimize" },
    parameters: [{ name: "train.learningRate", from: { kind: "values", values: [0.1, 0.01] } }],
    seed: 0,
    chunk: 256,
  });
  const spelled = sweepOf({ parameters: RATE, metric: { name: "val_loss", goal: "minimize" } });
  expect(sweepHash(spelled)).toBe(sweepHash(sweep));
  expect(sweepHash(sweepOf({ parameters: RATE, seeds: 3 }))).not.toBe(sweepHash(sweep));
});

test("a sweep is plain JSON", () => {
  const sweep = sweepOf({ method: "halving", parameters: { lr: { min: 0.01, max: 0.1 } } });
  expect(JSON.parse(JSON.stringify(sweep))).toEqual(sweep);
  expect(sweep.rungs).toEqual({ kind: "halving", eta: 3 });
  expect(sweep.chunk).toBe(1024);
});

test("a sweep as Weights & Biases writes it", () => {
  const sweep = sweepOf({
    program: "train.py",
    method: "random",
    project: "why",
    metric: { name: "val_accuracy", goal: "maximize" },
    run_cap: 7,
    early_terminate: { type: "hyperband", min_iter: 2 },
    parameters: {
      optimizer: { values: ["adam", "SGD"], probabilities: [0.25, 0.75] },
      learning_rate: { distribution: "log_uniform_values", min: 0.001, max: 0.1 },
      dropout: { distribution: "q_uniform", min: 0, max: 0.5, q: 0.1 },
      train: { parameters: { batchSize: { value: 4 } } },
      momentum: { value: 0.9, when: { optimizer: "SGD" } },
    },
  });
  expect(sweep.metric).toEqual({ name: "valAccuracy", goal: "maximize" });
  expect(sweep.rungs).toEqual({ kind: "from", minEpochs: 2, eta: 3 });
  expect(sweep.parameters.map(({ name, from }) => [name, from.kind])).toEqual([
    ["optimizer", "values"],
    ["learning_rate", "logUniform"],
    ["dropout", "uniform"],
    ["train.batchSize", "values"],
    ["momentum", "values"],
  ]);
});

test("of a spec with variants the one that is named is varied", () => {
  const spec = { variants: { wide: { model: { layers: [{ units: 1 }] } }, usual: {} } };
  expect(() => sweepOf({ spec, parameters: RATE })).toThrow(
    "variant: is missing; a sweep varies one network, name one of the spec's variants: wide, usual",
  );
  const { spec: base } = sweepOf({ spec, variant: "wide", parameters: RATE });
  expect(base.model.layers).toHaveLength(1);
  expect(base.variants).toEqual({});
});

test("every problem is told at once, with its place", () => {
  const problems = problemsOf({
    methd: "grid",
    method: "bayes",
    metric: { name: "f1" },
    parameters: {
      "train.lerningRate": [0.1],
      "model.layers.9.units": [3],
      colour: ["red"],
      dropout: { min: 0.5, max: 0.1 },
      l2: { distribution: "beta", min: 0, max: 1 },
      epochs: { values: [1, 2], when: { batch_size: 4 } },
    },
    zip: [["dropout", "l3"]],
    early_terminate: { type: "hyperband" },
  });
  expect(problems.join("\n")).toMatchInlineSnapshot(`
    "methd: "methd" is not a key here. Did you mean "method"?
    parameters.colour: is nothing that a spec can vary; name a path such as train.learningRate or model.layers.0.units, or one of learning_rate, batch_size, epochs, shuffle, loss, optimizer and its settings, units, activation, dropout and l2.
    parameters.dropout: has no values, no value, and no range from min to max.
    parameters.l2.distribution: is "beta"; it must be "constant", "categorical", "int_uniform", "uniform", "q_uniform", "log_uniform", "q_log_uniform", "log_uniform_values", "q_log_uniform_values", "normal", "q_normal", "log_normal" or "q_log_normal".
    parameters.epochs.when: asks for "batch_size", which is no other parameter of this sweep (train.lerningRate, model.layers.9.units, colour, dropout, l2, epochs).
    method: is "bayes", which would choose each trial by the ones before it: there is no kept library for it, and a population trains all at once. Take random or halving.
    early_terminate: needs min_iter, or max_iter and s, and not both.
    zip[0]: names "l3", which is no parameter of this sweep. Did you mean "l2"?
    metric.name: is "f1"; it must be loss, accuracy, val_loss or val_accuracy."
  `);
});

test("values that the spec cannot have are told with the parameter", () => {
  const problems = problemsOf({
    parameters: { units: [4, 0], "train.learningrate": [0.1], "train.optimizer": ["adm"] },
  });
  expect(problems.join("\n")).toMatchInlineSnapshot(`
    "parameters.train.optimizer: has adm, with which train.optimizer is "adm"; it must be "sgd", "adam", "adamw", "nadam", "adamax", "rmsprop", "adagrad", "adadelta" or "lion". Did you mean "adam"?
    parameters.train.learningrate: has 0.1, with which train.learningrate "learningrate" is not a key here. Did you mean "learningRate"? The trial is units=4 train.learningrate=0.1 train.optimizer=adm; a parameter that is not for every trial needs a condition: when.
    parameters.units: has 0, with which model.layers[0].units is 0; it must be at least 1."
  `);
});

test("a setting that only some trials can have asks for a condition", () => {
  const parameters = { optimizer: ["sgd", "adam"], momentum: [0.5, 0.9] };
  expect(problemsOf({ parameters }).join("\n")).toMatchInlineSnapshot(
    `"parameters.momentum: has 0.5, with which train.optimizer.momentum "momentum" is not a key here. The trial is optimizer=adam momentum=0.5; a parameter that is not for every trial needs a condition: when."`,
  );
  const conditional = {
    ...parameters,
    momentum: { values: [0.5, 0.9], when: { optimizer: "sgd" } },
  };
  expect(problemsOf({ parameters: conditional })).toEqual([]);
});

test("problems of the spec are told with it", () => {
  expect(problemsOf({ spec: { ...sweptSpec, name: "a b" }, parameters: RATE })).toEqual([
    `spec.name: is "a b"; use letters, digits, '.', '_' and '-'.`,
  ]);
});

describe("parameters that go together", () => {
  test.each([
    ["lists of other lengths", { a: ["lr", [0.1, 0.2]], b: ["epochs", [1]] }, "lists of 2 and 1"],
    ["a range", { a: ["lr", { min: 0.1, max: 0.2 }], b: ["epochs", [1]] }, "names a range"],
    [
      "one with a condition",
      { a: ["lr", { values: [0.1], when: { l2: 0 } }], b: ["epochs", [1]] },
      "names a parameter with a condition",
    ],
  ])("%s is refused", (_, { a, b }, message) => {
    const parameters = Object.fromEntries([a, b, ["l2", [0]]]);
    const zip = [[a[0], b[0]]];
    expect(problemsOf({ method: "random", parameters, zip }).join("\n")).toContain(message);
  });
});

test("a grid beyond counting is refused", () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  const parameters = Object.fromEntries(
    ["epochs", "batch_size", "units", "train.classWeight.0", "train.classWeight.1"].map((name) => [
      name,
      { values },
    ]),
  );
  expect(problemsOf({ parameters })).toEqual([
    "parameters: have 10,000,000,000 combinations, and 10,000,000 trials are the most; take values out, or give ranges and run_cap.",
  ]);
});

/** Lines of `place: what is wrong`; none for a sweep that is sound. */
function problemsOf(parts: Record<string, unknown>): string[] {
  try {
    parseSweep({ method: "grid", spec: sweptSpec, ...parts });
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.message.split("\n");
  }
}
