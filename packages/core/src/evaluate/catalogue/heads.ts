// Cases 6 to 12, 14, 15, 22 to 29 and 31 of the catalogue: what is wrong with labels, head, loss and
// layers.

import {
  type CatalogueCase,
  clouds,
  dense,
  multiclass,
  rowsOf,
  SIGMOID,
  softmax,
  table,
  twoClasses,
} from "./case-of.ts";

const TEN = {
  data: clouds(10, { cluster_std: 1.5 }, { target: "int" }),
  task: "multiclass",
} as const;
const tenOutputs = [
  { set: "output", value: softmax(10) },
  { set: "loss", value: "categorical_crossentropy" },
  { set: "data.target", value: "onehot" },
];
const matching = [
  { set: "output", value: SIGMOID },
  { set: "loss", value: "binary_crossentropy" },
];

/** Exclusive or of two signs. */
const XOR = {
  generator: "playground_xor",
  params: { n: 300, noise: 0, padding: 0.3, range: 2 },
  target: "int01",
  split: { testFraction: 0.3 },
} as const;

/** Twenty words, one-hot, each followed by the next one. */
const WORDS = table(
  Array.from({ length: 400 }, (_, i) => [...oneHot(i % 20, 20), (i + 1) % 20]),
  { target: "onehot" },
);

/** Three clouds whose labels do not start at 0. */
function labelled(from: number) {
  const { rows, labels } = rowsOf(clouds(3));
  return table(
    rows.map((row, i) => [...row, from + labels[i]]),
    { target: "int", split: { testFraction: 0.3 } },
  );
}

export const HEAD_CASES: readonly CatalogueCase[] = [
  {
    id: "case-06-one-sigmoid-ten-classes",
    title: "one sigmoid for labels 0 to 9 (analogue: ten clouds)",
    roots: "LABEL_ENC LOSS ACT_OUT CAPACITY",
    ...TEN,
    fix: tenOutputs,
  },
  {
    id: "case-07-softmax-of-one",
    title: "softmax over one unit",
    roots: "ACT_OUT",
    data: twoClasses(),
    output: softmax(1),
    fix: [{ set: "output", value: SIGMOID }],
  },
  {
    id: "case-08-categorical-loss-of-one",
    title: "categorical cross-entropy over one output",
    roots: "LOSS ACT_OUT",
    data: twoClasses(),
    output: softmax(1),
    loss: "categorical_crossentropy",
    fix: matching,
  },
  {
    id: "case-09-softmax-twice",
    title: "a softmax layer, and a loss that takes its outputs for logits",
    roots: "REDUNDANT_ACT ACT_OUT LOSS",
    ...TEN,
    output: softmax(10),
    loss: "sparse_categorical_crossentropy_from_logits",
    optimizer: { name: "sgd", lr: 0.01 },
    epochs: 60,
    fix: [{ set: "loss", value: "sparse_categorical_crossentropy" }],
  },
  {
    id: "case-10-labels-from-1",
    title: "labels 1 to 3 for three outputs",
    roots: "LABEL_ENC",
    data: labelled(1),
    ...multiclass(3),
    loss: "sparse_categorical_crossentropy",
    fix: [{ set: "data", value: labelled(0) }],
  },
  {
    id: "case-11-labels-below-0",
    title: "labels -1 to 1",
    roots: "LABEL_ENC",
    data: labelled(-1),
    ...multiclass(3),
    loss: "sparse_categorical_crossentropy",
    fix: [{ set: "data", value: labelled(0) }],
  },
  {
    id: "case-12-one-epoch",
    title: "sigmoids under a categorical loss, and one epoch (analogue: three clouds)",
    roots: "EPOCHS + ACT_OUT",
    data: clouds(3),
    ...multiclass(3),
    output: { units: 3, activation: "sigmoid" },
    optimizer: { name: "adam", lr: 0.001 },
    epochs: 1,
    fix: [
      { set: "output", value: softmax(3) },
      { set: "epochs", value: 100 },
    ],
  },
  {
    id: "case-14-squared-error",
    title: "squared error of a sigmoid behind three sigmoid layers",
    roots: "LOSS + ACT_HID VANISH",
    data: twoClasses(),
    layers: dense(16, "sigmoid", 3),
    loss: "mse",
    optimizer: { name: "sgd", lr: 0.1 },
    fix: [
      { set: "loss", value: "binary_crossentropy" },
      { set: "layers.*.activation", value: "relu" },
    ],
  },
  {
    id: "case-15-word-to-word",
    title: "sigmoids over one-hot words, and a rate of 1",
    roots: "ACT_OUT LOSS LR_HIGH",
    data: WORDS,
    task: "multiclass",
    layers: dense(8, "sigmoid"),
    output: { units: 20, activation: "sigmoid" },
    loss: "mse",
    optimizer: { name: "sgd", lr: 1 },
    fix: [
      { set: "output", value: softmax(20) },
      { set: "loss", value: "categorical_crossentropy" },
      { set: "optimizer", value: { name: "adam", lr: 0.01 } },
      { set: "epochs", value: 100 },
      { set: "layers.*.activation", value: "relu" },
    ],
  },
  {
    id: "case-22-xor-one-unit",
    title: "exclusive or with one hidden unit",
    roots: "CAPACITY",
    data: XOR,
    layers: dense(1, "tanh"),
    epochs: 100,
    fix: [{ set: "layers", value: dense(8, "tanh") }],
  },
  {
    id: "case-23-xor-two-sigmoids",
    title: "exclusive or with two sigmoids",
    roots: "CAPACITY LR_LOW + ACT_HID EPOCHS",
    data: XOR,
    layers: dense(2, "sigmoid"),
    optimizer: { name: "sgd", lr: 0.1 },
    epochs: 100,
    fix: [
      { set: "layers", value: dense(8, "tanh") },
      { set: "optimizer", value: { name: "adam", lr: 0.01 } },
    ],
  },
  {
    id: "case-24-two-spirals",
    title: "two spirals, raw coordinates",
    roots: "CAPACITY",
    data: {
      generator: "playground_spiral",
      params: { n: 400, noise: 0.1 },
      target: "int01",
      split: { testFraction: 0.3 },
    },
    layers: dense(4, "tanh"),
    epochs: 200,
    fix: [{ set: "layers", value: dense(32, "relu", 2) }],
  },
  {
    id: "case-25-deep-sigmoids",
    title: "ten sigmoid layers",
    roots: "VANISH + ACT_HID",
    data: twoClasses(),
    layers: dense(16, "sigmoid", 10),
    fix: [
      { set: "layers.*.activation", value: "relu" },
      { set: "layers.*.init", value: "he_uniform" },
    ],
  },
  {
    id: "case-27-zero-init",
    title: "all weights start at 0",
    roots: "INIT",
    data: twoClasses(),
    layers: dense(16, "relu", 1, { init: "zeros" }),
    output: { ...SIGMOID, init: "zeros" },
    fix: [
      { set: "layers.*.init", value: "glorot_uniform" },
      { set: "output.init", value: "glorot_uniform" },
    ],
  },
  {
    id: "case-28-negative-weights",
    title: "ReLUs over positive inputs with weights below 0",
    roots: "DYING_RELU INIT + SCALE",
    data: twoClasses({ shift: 6 }),
    layers: dense(16, "relu", 1, { init: "negative_uniform" }),
    fix: [
      { set: "layers.*.init", value: "he_uniform" },
      { set: "preprocess", value: "standardize" },
    ],
  },
  {
    id: "case-29-some-seeds-dead",
    title: "narrow ReLU layers that are dead for some seeds",
    roots: "DYING_RELU CAPACITY",
    data: XOR,
    layers: dense(3, "relu", 5),
    epochs: 60,
    fix: [{ set: "layers", value: dense(16, "relu", 2) }],
  },
  {
    id: "case-31-binary-loss-of-ten",
    title: "ten classes under a binary cross-entropy",
    roots: "LOSS METRIC",
    ...TEN,
    data: clouds(10, { cluster_std: 1.5 }),
    output: softmax(10),
    loss: "binary_crossentropy",
    fix: [{ set: "loss", value: "categorical_crossentropy" }],
  },
];

function oneHot(place: number, length: number): number[] {
  return Array.from({ length }, (_, i) => (i === place ? 1 : 0));
}
