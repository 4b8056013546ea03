// The faults that are injected, each as what it changes of a healthy case. Constant and duplicate
// columns are not among them: a network whose columns are standardized does not suffer from them.

import { RandomState } from "../dataset/numpy/random-state.ts";
import type { BenchmarkCaseInput } from "./benchmark-case.ts";

/** A healthy network on a table. */
export interface Subject {
  readonly name: string;
  readonly healthy: BenchmarkCaseInput;
  readonly classes: number;
  readonly trainRows: number;
}

/** The parts of the case that are other; undefined where the fault cannot be. */
type Injection = (subject: Subject) => Partial<BenchmarkCaseInput> | undefined;

export interface Fault {
  readonly name: string;
  readonly says: string;
  readonly code: string;
  readonly contributing?: readonly string[];
  /** Mild, then strong. */
  readonly strengths: readonly Injection[];
  /** Only what no tool can know would mend it. */
  readonly oracle?: string;
}

type Layer = BenchmarkCaseInput["output"];
type Row = (number | null)[];

const layersOf = (units: number, activation: string, count: number, more: object = {}): Layer[] =>
  Array.from({ length: count }, () => ({ units, activation, ...more }));

const withoutScaling = ({ healthy }: Subject) =>
  healthy.preprocess === "standardize" ? null : "impute_mean";

/** The table with other rows; `change` gets a row, its place and numbers that are its own. */
function withRows(
  { healthy }: Subject,
  change: (row: Row, place: number, random: RandomState) => Row,
): Partial<BenchmarkCaseInput> {
  const random = new RandomState(7);
  const rows = healthy.data.rows!.map((row, place) => change([...row] as Row, place, random));
  return { data: { ...healthy.data, rows } };
}

const withData = ({ healthy }: Subject, more: object): Partial<BenchmarkCaseInput> => ({
  data: { ...healthy.data, ...more },
});

const scaledBy =
  (factor: number, shift: number): Injection =>
  (subject) => ({
    ...withRows(subject, (row) =>
      row.map((x, j) => (j === row.length - 1 || x === null ? x : factor * (x + shift))),
    ),
    preprocess: withoutScaling(subject),
  });

/** Columns that hold the label in training, and noise in the test part: known only afterwards. */
const leaking =
  (exactness: number): Injection =>
  (subject) => {
    const { columns = [] } = subject.healthy.data;
    const { data } = withRows(subject, (row, place, random) => {
      const label = row.at(-1)!;
      const [noise, other] = random.randomSample(2);
      const told = place < subject.trainRows ? label : Math.floor(other * subject.classes);
      return [...row.slice(0, -1), 3 * told + (1 - exactness) * (noise - 0.5), label];
    });
    return { data: { ...data!, columns: [...columns.slice(0, -1), "outcome_code", "class"] } };
  };

const withColumns =
  (name: string, count: number, value: (row: Row, random: RandomState) => number): Injection =>
  (subject) => {
    const { columns = [] } = subject.healthy.data;
    const more = Array.from({ length: count }, (_, i) => `${name}_${i}`);
    const { data } = withRows(subject, (row, _, random) => [
      ...row.slice(0, -1),
      ...more.map(() => value(row, random)),
      row.at(-1)!,
    ]);
    return { data: { ...data!, columns: [...columns.slice(0, -1), ...more, "class"] } };
  };

const missing =
  (share: number, value: number | null): Injection =>
  (subject) => ({
    ...withRows(subject, (row, _, random) =>
      row.map((x, j) => (j < row.length - 1 && random.randomSample(1)[0] < share ? value : x)),
    ),
    preprocess: value === null ? null : subject.healthy.preprocess!,
  });

/** A share of the rows has one cell that is `size` times the largest of its column. */
const outliers =
  (share: number, size: number): Injection =>
  (subject) =>
    withRows(subject, (row, place, random) => {
      const [u, where] = random.randomSample(2);
      if (u >= share || place >= subject.trainRows) return row;
      const j = Math.floor(where * (row.length - 1));
      return row.map((x, i) => (i === j ? size * (Math.abs(x ?? 0) + 1) : x));
    });

/** Training rows in the order of their classes, and epochs that keep it. */
const sorted =
  (all: boolean): Injection =>
  (subject) => {
    const rows = [...subject.healthy.data.rows!] as Row[];
    const byClass = (a: Row, b: Row) => a.at(-1)! - b.at(-1)!;
    const cut = all ? rows.length : subject.trainRows;
    const inOrder = [...rows.slice(0, cut).sort(byClass), ...rows.slice(cut)];
    return { ...withData(subject, { rows: inOrder }), shuffle: false };
  };

const trainedOn =
  (rows: number): Injection =>
  (subject) =>
    withData(subject, { split: { ...splitOf(subject), train: rows } });

function splitOf({ healthy, trainRows }: Subject) {
  return { train: trainRows, val: healthy.data.rows!.length - trainRows, shuffle: false };
}

const rate =
  (lr: number): Injection =>
  ({ healthy }) => ({
    optimizer: { ...healthy.optimizer, lr },
  });

const outputAs =
  (activation: string): Injection =>
  ({ healthy }) => ({
    output: { ...healthy.output, activation },
  });

const multiclassOnly =
  (injection: Injection): Injection =>
  (subject) =>
    subject.classes > 2 ? injection(subject) : undefined;

const rareClasses =
  (kept: number): Injection =>
  (subject) =>
    withData(subject, {
      imbalance: Array.from({ length: subject.classes }, (_, k) => (k === 0 ? 1 : kept)),
    });

export const FAULTS: readonly Fault[] = [
  {
    name: "scale",
    says: "columns of other sizes, not scaled",
    code: "SCALE",
    strengths: [scaledBy(30, 0), scaledBy(1000, 5)],
  },
  {
    name: "outliers",
    says: "cells far outside their column",
    code: "OUTLIER",
    contributing: ["SCALE"],
    strengths: [outliers(0.03, 300), outliers(0.1, 1e5)],
    oracle: "the true cells",
  },
  {
    name: "missing",
    says: "missing cells that nothing fills in",
    code: "MISSING",
    contributing: ["SCALE"],
    strengths: [missing(0.05, -999), missing(0.1, null)],
  },
  {
    name: "noise-columns",
    says: "columns of noise",
    code: "NOISE_FEATURES",
    contributing: ["OVERFIT", "DATA_SMALL"],
    strengths: [
      withColumns("noise", 30, (_, random) => random.randn(1)[0]),
      withColumns("noise", 150, (_, random) => random.randn(1)[0]),
    ],
  },
  {
    name: "leak",
    says: "a column that tells the label in training only",
    code: "LEAK",
    strengths: [leaking(0), leaking(1)],
  },
  {
    name: "imbalance",
    says: "few training rows of all classes but one",
    code: "IMBALANCE",
    contributing: ["DATA_SMALL"],
    strengths: [rareClasses(0.1), rareClasses(0.03)],
    oracle: "the rows that are missing",
  },
  {
    name: "label-noise",
    says: "wrong training labels",
    code: "LABEL_NOISE",
    contributing: ["OVERFIT"],
    strengths: [
      (subject) => withData(subject, { labelNoise: 0.4 }),
      (subject) => withData(subject, { labelNoise: 0.7 }),
    ],
    oracle: "the true labels",
  },
  {
    name: "no-signal",
    says: "labels in random order",
    code: "NO_SIGNAL",
    strengths: [
      (subject) => {
        const labels = subject.healthy.data.rows!.map((row) => row.at(-1)!);
        const drawn = new RandomState(7).permutation(labels.length);
        const rows = subject.healthy.data.rows!.map((row, i) => [
          ...row.slice(0, -1),
          labels[drawn[i]],
        ]);
        return withData(subject, { rows });
      },
    ],
    oracle: "nothing can",
  },
  {
    name: "label-encoding",
    says: "one output for several classes",
    code: "LABEL_ENC",
    contributing: ["CAPACITY", "ACT_OUT", "LOSS"],
    strengths: [
      multiclassOnly((subject) => ({
        ...withData(subject, { target: "int" }),
        output: { units: 1, activation: "sigmoid" },
        loss: "mse",
      })),
      multiclassOnly((subject) => ({
        ...withData(subject, { target: "int" }),
        output: { units: 1, activation: "sigmoid" },
        loss: "binary_crossentropy",
      })),
    ],
  },
  {
    name: "few-rows",
    says: "few training rows",
    code: "DATA_SMALL",
    contributing: ["OVERFIT", "EPOCHS"],
    strengths: [trainedOn(20), trainedOn(8)],
    oracle: "more rows",
  },
  {
    name: "sorted",
    says: "rows in the order of their classes, never shuffled",
    code: "NO_SHUFFLE",
    strengths: [sorted(false), sorted(true)],
  },
  {
    name: "output-activation",
    says: "an output that the loss does not fit",
    code: "ACT_OUT",
    strengths: [
      outputAs("relu"),
      ({ healthy, classes }) =>
        classes === 2
          ? { output: { ...healthy.output, activation: "softmax" } }
          : { output: { ...healthy.output, activation: "tanh" } },
    ],
  },
  {
    name: "hidden-activation",
    says: "hidden layers that pass little on",
    code: "ACT_HID",
    contributing: ["VANISH"],
    strengths: [
      () => ({ layers: layersOf(16, "softmax", 2) }),
      () => ({ layers: layersOf(16, "softmax", 4) }),
    ],
  },
  {
    name: "activation-twice",
    says: "probabilities that the loss takes for logits",
    code: "REDUNDANT_ACT",
    contributing: ["LOSS", "ACT_OUT"],
    strengths: [
      ({ healthy }) => ({ loss: `${healthy.loss}_from_logits`, epochs: 10 }),
      ({ healthy }) => ({
        loss: `${healthy.loss}_from_logits`,
        optimizer: { name: "sgd", lr: 0.01 },
        epochs: 10,
      }),
    ],
  },
  {
    name: "loss",
    says: "a loss that is no classifier's",
    code: "LOSS",
    strengths: [() => ({ loss: "mae" }), () => ({ loss: "mae", layers: layersOf(16, "relu", 3) })],
  },
  {
    name: "initialization",
    says: "first weights that no layer should have",
    code: "INIT",
    strengths: [
      ({ healthy }) => ({
        layers: layersOf(16, "tanh", 3, { init: "normal5.0" }),
        output: { ...healthy.output, init: "normal5.0" },
      }),
      ({ healthy }) => ({
        layers: layersOf(16, "relu", 1, { init: "zeros" }),
        output: { ...healthy.output, init: "zeros" },
      }),
    ],
  },
  {
    name: "capacity",
    says: "too few hidden units",
    code: "CAPACITY",
    contributing: ["DYING_RELU", "ACT_HID"],
    strengths: [
      multiclassOnly(() => ({ layers: layersOf(2, "relu", 1) })),
      multiclassOnly(() => ({ layers: layersOf(1, "relu", 1) })),
    ],
  },
  {
    name: "vanishing",
    says: "many sigmoid layers",
    code: "VANISH",
    contributing: ["ACT_HID"],
    strengths: [
      () => ({ layers: layersOf(16, "sigmoid", 6) }),
      () => ({ layers: layersOf(16, "sigmoid", 12) }),
    ],
  },
  {
    name: "exploding",
    says: "layers that exponentiate",
    code: "EXPLODE",
    contributing: ["ACT_HID"],
    strengths: [
      () => ({ layers: layersOf(16, "exponential", 2, { init: "he_uniform" }) }),
      () => ({ layers: layersOf(16, "exponential", 6, { init: "he_uniform" }) }),
    ],
  },
  {
    name: "dead-units",
    says: "many narrow ReLU layers",
    code: "DYING_RELU",
    contributing: ["CAPACITY", "VANISH"],
    strengths: [
      () => ({ layers: layersOf(4, "relu", 10) }),
      () => ({ layers: layersOf(3, "relu", 17) }),
    ],
  },
  {
    name: "rate-high",
    says: "a learning rate that is too high",
    code: "LR_HIGH",
    strengths: [rate(1), rate(30)],
  },
  {
    name: "rate-low",
    says: "a learning rate that is too low",
    code: "LR_LOW",
    contributing: ["EPOCHS"],
    strengths: [rate(2e-5), rate(1e-7)],
  },
  {
    name: "optimizer",
    says: "an optimizer that gets nowhere at its rate",
    code: "OPT",
    contributing: ["LR_LOW", "EPOCHS"],
    strengths: [
      () => ({ optimizer: { name: "sgd", lr: 0.001 } }),
      () => ({ optimizer: { name: "adadelta", lr: 0.001 } }),
    ],
  },
  {
    name: "batch",
    says: "batches so large that few steps are made",
    code: "BATCH",
    contributing: ["EPOCHS", "LR_LOW"],
    strengths: [
      ({ trainRows }) => ({ batch: trainRows, epochs: 20, optimizer: { name: "adam", lr: 0.001 } }),
      () => ({ batch: 4096, epochs: 8 }),
    ],
  },
  {
    name: "epochs",
    says: "training that ends too early",
    code: "EPOCHS",
    contributing: ["LR_LOW", "BATCH"],
    strengths: [
      () => ({ epochs: 2, optimizer: { name: "adam", lr: 0.001 } }),
      () => ({ epochs: 1, optimizer: { name: "adam", lr: 0.001 } }),
    ],
  },
  {
    name: "overfit",
    says: "a wide network that learns noisy labels by heart",
    code: "OVERFIT",
    contributing: ["LABEL_NOISE", "CAPACITY", "EPOCHS"],
    strengths: [
      (subject) => ({ ...withData(subject, { labelNoise: 0.25 }), ...byHeart(subject, 128) }),
      (subject) => ({ ...withData(subject, { labelNoise: 0.35 }), ...byHeart(subject, 256) }),
    ],
    oracle: "the true labels",
  },
  {
    name: "regularization",
    says: "a penalty or a dropout that leaves nothing to learn",
    code: "OVERREG",
    strengths: [
      () => ({ regularizer: { l2: 0.3 } }),
      () => ({ layers: layersOf(16, "relu", 4, { dropoutAfter: 0.9 }) }),
    ],
  },
  {
    name: "batch-normalization",
    says: "moving statistics that lag behind",
    code: "METRIC",
    contributing: ["EPOCHS"],
    strengths: [
      () => ({
        layers: layersOf(16, "relu", 2, { bnAfter: true, bnMomentum: 0.998 }),
        epochs: 10,
      }),
      () => ({ layers: layersOf(16, "relu", 2, { bnAfter: true, bnMomentum: 0.9999 }) }),
    ],
  },
];

function byHeart({ healthy }: Subject, units: number): Partial<BenchmarkCaseInput> {
  return { layers: layersOf(units, "relu", 2), epochs: 3 * healthy.epochs };
}
