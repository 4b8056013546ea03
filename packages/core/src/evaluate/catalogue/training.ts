// Cases 13, 16 to 20, 26 and 32 to 34 of the catalogue: what is wrong with training.

import { type CatalogueCase, clouds, dense, multiclass, SIGMOID, twoClasses } from "./case-of.ts";

const SPIRAL = {
  generator: "playground_spiral",
  params: { n: 300, noise: 0 },
  target: "int01",
  split: { testFraction: 0.3 },
} as const;

const FEW = { n_samples: 100, n_features: 7, n_informative: 4, class_sep: 2 };

export const TRAINING_CASES: readonly CatalogueCase[] = [
  {
    id: "case-13-small-and-dropped",
    title: "two layers of ten, half of it dropped, weights within 0.05 (analogue: three clouds)",
    roots: "OVERREG INIT LR_LOW + SCALE EPOCHS",
    data: clouds(3),
    ...multiclass(3),
    layers: dense(10, "tanh", 2, { dropoutAfter: 0.8, init: "uniform05" }),
    optimizer: { name: "sgd", lr: 0.001 },
    epochs: 30,
    fix: [
      { set: "layers", value: dense(10, "tanh", 2) },
      { set: "preprocess", value: "standardize" },
      { set: "optimizer.lr", value: 0.1 },
    ],
  },
  {
    id: "case-16-collapse",
    title: "a rate and a momentum under which accuracy collapses (analogue of a CNN)",
    roots: "LR_HIGH",
    data: twoClasses(),
    layers: dense(32, "relu", 3),
    optimizer: { name: "sgd", lr: 1, momentum: 0.9 },
    fix: [{ set: "optimizer", value: { name: "sgd", lr: 0.01, momentum: 0.9 } }],
  },
  {
    id: "case-17-spiral-rate-1",
    title: "a spiral as a regression, at a rate of 1",
    roots: "LR_HIGH + ACT_OUT LOSS EPOCHS",
    data: SPIRAL,
    layers: dense(16, "tanh", 2),
    output: { units: 1, activation: "linear" },
    loss: "mse",
    optimizer: { name: "sgd", lr: 1 },
    batch: 10,
    epochs: 150,
    fix: [
      { set: "optimizer", value: { name: "adam", lr: 0.01 } },
      { set: "output", value: SIGMOID },
      { set: "loss", value: "binary_crossentropy" },
    ],
  },
  {
    id: "case-18-decay-diverges",
    title: "an L2 penalty of 10 at a rate of 0.3",
    roots: "OVERREG",
    data: twoClasses(),
    optimizer: { name: "sgd", lr: 0.3 },
    regularizer: { l2: 10 },
    fix: [{ set: "regularizer", value: null }],
  },
  {
    id: "case-19-sixty-rows",
    title: "70 training rows at a rate of 1e-4",
    roots: "LR_LOW + DATA_SMALL",
    data: twoClasses(FEW),
    optimizer: { name: "sgd", lr: 1e-4 },
    fix: [{ set: "optimizer", value: { name: "adam", lr: 0.01 } }],
  },
  {
    id: "case-20-default-sgd",
    title: "default SGD that barely moves (analogue: 20 columns)",
    roots: "LR_LOW EPOCHS",
    data: clouds(4, { n_features: 20, cluster_std: 4 }, {}),
    ...multiclass(4),
    preprocess: "standardize",
    layers: dense(20, "sigmoid", 2),
    optimizer: { name: "sgd", lr: 0.01 },
    epochs: 10,
    fix: [
      { set: "optimizer", value: { name: "adam", lr: 0.01 } },
      { set: "epochs", value: 40 },
    ],
  },
  {
    id: "case-26-depth-and-dropout",
    title: "four layers, each with dropout of 0.7",
    roots: "OVERREG",
    data: twoClasses(),
    layers: dense(16, "relu", 4, { dropoutAfter: 0.7 }),
    fix: [{ set: "layers", value: dense(16, "relu", 4) }],
  },
  {
    id: "case-32-moving-statistics",
    title: "batch normalization whose moving statistics lag",
    roots: "METRIC + EPOCHS",
    data: twoClasses({ multiply: 10, shift: 5 }),
    layers: dense(16, "relu", 2, { bnAfter: true, bnMomentum: 0.999 }),
    epochs: 20,
    fix: [{ set: "layers", value: dense(16, "relu", 2, { bnAfter: true, bnMomentum: 0.9 }) }],
  },
  {
    id: "case-33-momentum-above-1",
    title: "a momentum of batch normalization outside [0, 1]",
    roots: "METRIC",
    data: twoClasses(),
    layers: dense(16, "relu", 2, { bnAfter: true, bnMomentum: 1.5 }),
    fix: [{ set: "layers", value: dense(16, "relu", 2, { bnAfter: true }) }],
  },
  {
    id: "case-34-saturated-softmax",
    title: "a long run with a saturated softmax, whose log(0) cannot arise here",
    roots: "NONE",
    control: true,
    data: clouds(3, { cluster_std: 1 }),
    ...multiclass(3),
    epochs: 300,
  },
];
