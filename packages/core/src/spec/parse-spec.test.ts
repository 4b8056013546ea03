import { expect, test } from "vitest";
import { printPath, SpecError } from "./errors.ts";
import { parseSpec } from "./parse-spec.ts";
import type { SpecInput } from "./spec.ts";

const sound: SpecInput = {
  name: "sound",
  data: {
    source: {
      kind: "inline",
      rows: [
        [1, 2],
        [3, 4],
      ],
      labels: [0, 1],
    },
  },
  model: {
    layers: [
      { units: 4, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", epochs: 2 },
};

/** The problems of a spec, one line each, as the command line prints them. */
function problemsOf(source: unknown): string[] {
  try {
    parseSpec(source);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map((p) => `${p.code} ${printPath(p.path)}: ${p.message}`);
  }
}

test("defaults are Keras's", () => {
  const { train, model, seeds } = parseSpec(sound);
  expect(train).toMatchObject({
    loss: { name: "binaryCrossentropy", fromLogits: false, labelSmoothing: 0 },
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false },
    epochs: 2,
    batchSize: 32,
    shuffle: true,
  });
  expect(model.layers[0]).toMatchObject({
    type: "dense",
    activation: { name: "relu" },
    kernelInitializer: { name: "glorotUniform" },
    biasInitializer: { name: "zeros" },
  });
  expect(seeds).toEqual({ training: 20, data: 1 });
});

test("a parsed spec parses to itself", () => {
  const spec = parseSpec(sound);
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});

test("all problems are reported at once, with the way out", () => {
  const problems = problemsOf({
    name: "two words",
    data: { source: { kind: "numpi" }, spilt: {} },
    model: { layers: [{ unit: 3, activation: "rellu" }, { units: 0 }] },
    train: { loss: "binary_crossentropy", optimizer: "adm", epochs: 1.5 },
    claims: [{ text: "x", expect: [{ metric: "los", variant: "a", is: "lower", than: "b" }] }],
  });
  expect(problems.join("\n")).toMatchInlineSnapshot(`
    "SPEC_INVALID_VALUE name: is "two words"; use letters, digits, '.', '_' and '-'.
    SPEC_INVALID_VALUE data.source.kind: is "numpi"; it must be "inline", "numpy" or "table". Did you mean "numpy"?
    SPEC_UNKNOWN_KEY data.spilt: "spilt" is not a key here. Did you mean "split"?
    SPEC_MISSING model.layers[0].units: is missing; it must be a number.
    SPEC_INVALID_VALUE model.layers[0].activation: is "rellu"; it must be "linear", "relu", "leakyReLU", "prelu", "elu", "selu", "gelu", "geluTanh", "sigmoid", "hardSigmoid", "tanh", "softplus", "softsign", "swish", "mish", "exponential" or "softmax". Did you mean "relu"?
    SPEC_UNKNOWN_KEY model.layers[0].unit: "unit" is not a key here. Did you mean "units"?
    SPEC_INVALID_VALUE model.layers[1].units: is 0; it must be at least 1.
    SPEC_INVALID_VALUE train.loss: is "binary_crossentropy"; it must be "binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy", "binaryFocalCrossentropy", "categoricalFocalCrossentropy", "hinge", "meanSquaredError" or "meanAbsoluteError". Did you mean "binaryCrossentropy"?
    SPEC_INVALID_VALUE train.optimizer: is "adm"; it must be "sgd", "adam", "adamw", "nadam", "adamax", "rmsprop", "adagrad", "adadelta" or "lion". Did you mean "adam"?
    SPEC_INVALID_VALUE train.epochs: is 1.5; it must be a whole number.
    SPEC_INVALID_VALUE claims[0].expect[0].metric: is "los"; it must be "loss", "accuracy", "valLoss" or "valAccuracy". Did you mean "loss"?"
  `);
});

test.each([
  ["a list", []],
  ["nothing", null],
  ["text", "name: x"],
])("%s is no spec", (_, source) => {
  expect(problemsOf(source)).toEqual([
    "SPEC_NOT_AN_OBJECT (spec): is not a mapping; a spec starts with name, data, model and train.",
  ]);
});

function withData(rows: unknown, labels: unknown, more: object = {}): unknown {
  return { ...sound, data: { source: { kind: "inline", rows, labels, ...more } } };
}

test.each([
  [
    "zero rows",
    withData([], []),
    "SPEC_BAD_DATA data.source.rows: has no rows; a network needs data to train on.",
  ],
  [
    "a negative weight",
    withData([[1], [2]], [0, 1], { sampleWeight: [1, -1] }),
    "SPEC_BAD_DATA data.source.sampleWeight[1]: is -1; a weight must be a finite number of at least 0.",
  ],
  [
    "a missing weight",
    withData([[1], [2]], [0, 1], { sampleWeight: [1, Number.NaN] }),
    "SPEC_BAD_DATA data.source.sampleWeight[1]: is NaN; a weight must be a finite number of at least 0.",
  ],
  [
    "too few weights",
    withData([[1], [2]], [0, 1], { sampleWeight: [1] }),
    "SPEC_BAD_DATA data.source.sampleWeight: has 1 weights for 2 rows; give one per row.",
  ],
  [
    "no weight at all",
    withData([[1], [2]], [0, 1], { sampleWeight: [0, 0] }),
    "SPEC_BAD_DATA data.source.sampleWeight: is 0 for every row; give some row a weight above 0.",
  ],
  [
    "one class",
    withData([[1], [2]], ["a", "a"]),
    `SPEC_BAD_DATA data.source.labels: are all "a"; with one class there is nothing to tell apart, add rows of another.`,
  ],
  [
    "ragged rows",
    withData([[1, 2], [3]], [0, 1]),
    "SPEC_BAD_DATA data.source.rows[1]: has 1 values but the first row has 2.",
  ],
  [
    "too few labels",
    withData([[1], [2], [3]], [0, 1]),
    "SPEC_BAD_DATA data.source.labels: has 2 labels for 3 rows; give one per row.",
  ],
  [
    "more classes than units",
    {
      ...(withData([[1], [2], [3]], ["a", "b", "c"]) as SpecInput),
      model: { layers: [{ units: 2, activation: "softmax" }] },
    },
    "SPEC_SHAPE_MISMATCH model.layers[0].units: is 2 but the labels have 3 classes; set units to 3.",
  ],
  [
    "labels from 1 that are to be read as indices",
    {
      ...sound,
      data: { source: { kind: "inline", rows: [[1], [2]], labels: [1, 2] }, labels: "indices" },
      model: { layers: [{ units: 2, activation: "softmax" }] },
      train: { loss: "sparseCategoricalCrossentropy", epochs: 1 },
    },
    "SPEC_SHAPE_MISMATCH model.layers[0].units: is 2 but the labels have 3 classes; set units to 3.",
  ],
  [
    "a label that is no index",
    {
      ...sound,
      data: { source: { kind: "inline", rows: [[1], [2]], labels: [-1, 1] }, labels: "indices" },
    },
    "SPEC_BAD_DATA data.source.labels[0]: is -1, which is no index from 0 to 4095; leave out data.labels to have the classes numbered.",
  ],
])("%s", (_, source, problem) => {
  expect(problemsOf(source)).toEqual([problem]);
});

test("what Keras trains is no problem of the spec: missing cells, one output for three classes", () => {
  const three = withData([[1], [null], [3]], ["a", "b", "c"]);
  expect(problemsOf(three)).toEqual([]);
});

test("a head that cannot be computed is let through where it is to be mended", () => {
  const labels = ["a", "b", "c"];
  const rows = [[1], [2], [3]];
  const source = {
    ...(withData(rows, labels) as SpecInput),
    model: { layers: [{ units: 2, activation: "softmax" }] },
  };
  expect(parseSpec(source, { allowUntrainable: true }).model.layers).toHaveLength(1);
});

test("a claim must name variants that exist", () => {
  const claims = [
    { text: "x", expect: [{ metric: "loss", variant: "fast", is: "lower", than: "fats" }] },
  ];
  expect(problemsOf({ ...sound, variants: { fast: {}, slow: {} }, claims })).toEqual([
    `SPEC_UNKNOWN_NAME claims[0].expect[0].than: "fats" is not a variant of this spec (fast, slow). Did you mean "fast"?`,
  ]);
});

test("a mistake in a variant's patch is found where it stands", () => {
  const variants = { wide: { model: { layers: [{ units: "many" }] } } };
  expect(problemsOf({ ...sound, variants })).toEqual([
    `SPEC_INVALID_VALUE variants.wide.model.layers[0].units: is "many"; it must be a number.`,
  ]);
});
