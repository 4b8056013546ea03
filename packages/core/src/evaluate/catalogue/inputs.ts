// Cases 1 to 5, 21, 30, 35 and 37 of the catalogue: what is wrong with rows and their order.

import {
  type CatalogueCase,
  clouds,
  dense,
  multiclass,
  rowsOf,
  SIGMOID,
  table,
  twoClasses,
} from "./case-of.ts";

const standardized = [{ set: "preprocess", value: "standardize" }];

/** A 4 x 4 grid in [0, 1]; a point is of class 1 where exactly one coordinate is in the upper half. */
const GRID = Array.from({ length: 16 }, (_, i) => {
  const [x, y] = [(i % 4) / 3, Math.floor(i / 4) / 3];
  return [x, y, x > 0.5 === y > 0.5 ? 0 : 1];
});

const IN_ORDER = { train: 350, val: 150, shuffle: false };

const PIXELS = { n_features: 20, n_informative: 8, n_classes: 4, class_sep: 1.5 };

export const INPUT_CASES: readonly CatalogueCase[] = [
  {
    id: "case-01-pixels",
    title: "pixels from 0 to 255 (analogue: 20 columns about 128)",
    roots: "SCALE",
    data: twoClasses({ ...PIXELS, shift: 5, multiply: 25.5 }, { target: "onehot" }),
    ...multiclass(4),
    layers: dense(32, "relu"),
    optimizer: { name: "sgd", lr: 0.1, momentum: 0.9 },
    fix: standardized,
  },
  {
    id: "case-02-x-to-99",
    title: "x from 0 to 99 and a linear output (analogue: is x above 49?)",
    roots: "SCALE LR_HIGH + ACT_OUT LOSS",
    data: table(Array.from({ length: 100 }, (_, x) => [x, x > 49 ? 1 : 0])),
    layers: [],
    output: { units: 1, activation: "linear" },
    loss: "mse",
    optimizer: { name: "sgd", lr: 0.01 },
    fix: [
      ...standardized,
      { set: "optimizer.lr", value: 0.5 },
      { set: "output", value: SIGMOID },
      { set: "loss", value: "binary_crossentropy" },
    ],
  },
  {
    id: "case-03-all-zero",
    title: "inputs that became 0 by an integer division (analogue: 8 columns)",
    roots: "CONST_FEATURE + NO_SIGNAL",
    data: twoClasses({ multiply: 0 }),
    fix: [{ set: "data.params.multiply", value: 1 }],
    oracleFix: "the numbers before the division",
  },
  {
    id: "case-04-off-centre-xor",
    title: "exclusive or on a grid in [0, 1]",
    roots: "SCALE + EPOCHS",
    data: table(GRID),
    layers: dense(4, "tanh"),
    optimizer: { name: "sgd", lr: 0.1 },
    batch: 1,
    epochs: 80,
    fix: standardized,
  },
  {
    id: "case-05-test-rows-unscaled",
    title: "training rows are scaled, the rows to predict are not (analogue: columns about 50)",
    roots: "SCALE + METRIC",
    data: halfScaled(),
    fix: [{ set: "data", value: twoClasses({}, { split: IN_ORDER }) }],
    oracleFix: "the same statistics for both parts",
  },
  {
    id: "case-21-mlp-classifier",
    title: "a budget that ends before raw columns are learned",
    roots: "EPOCHS SCALE",
    data: twoClasses({ multiply: 0.01 }),
    optimizer: { name: "sgd", lr: 0.01 },
    epochs: 5,
    fix: [...standardized, { set: "epochs", value: 150 }],
  },
  {
    id: "case-30-imbalance",
    title: "82 to 18, and always the majority",
    roots: "IMBALANCE + LABEL_NOISE",
    data: twoClasses({
      weights: [0.82],
      n_informative: 2,
      n_redundant: 0,
      class_sep: 0.25,
      flip_y: 0.2,
      n_samples: 800,
    }),
    fix: [{ set: "data.params.weights", value: [0.5] }],
    oracleFix: "rows of the rare class",
  },
  {
    id: "case-35-random-labels",
    title: "labels of a coin",
    roots: "NO_SIGNAL",
    data: twoClasses({ flip_y: 1 }),
    fix: [],
    oracleFix: "nothing can",
  },
  {
    id: "case-37-sorted-rows",
    title: "rows in the order of their classes, the last of them for validation",
    roots: "NO_SHUFFLE",
    data: clouds(3, { sortByClass: true }, { split: { train: 400, val: 200, shuffle: false } }),
    ...multiclass(3),
    fix: [{ set: "data.split.shuffle", value: true }],
  },
];

/** Training rows standardized, about; test rows as they were measured, at 50 +- 10. */
function halfScaled() {
  const { rows, labels } = rowsOf(twoClasses({}, { split: IN_ORDER }));
  const out = rows.map((row, i) => row.map((x) => (i < IN_ORDER.train ? x : 50 + 10 * x)));
  return table(
    out.map((row, i) => [...row, labels[i]]),
    { split: IN_ORDER },
  );
}
