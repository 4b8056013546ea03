// One small faulty network for every cause: what a page about the cause shows live. Most are a healthy
// network on two moons with one fault injected, so that its answers can be drawn over the plane; what
// moons cannot have is a case of the catalogue, or one of its own. Each is one of which the doctor names
// the cause; the test of the built site holds it to that.

import type { CauseId } from "../causes/cause.ts";
import type { SpecInput } from "../spec/spec.ts";
import type { BenchmarkCase } from "./benchmark-case.ts";
import { caseSpec } from "./case-spec.ts";
import {
  type CatalogueCase,
  caseOf,
  clouds,
  dense,
  multiclass,
  rowsOf,
  table,
  twoClasses,
} from "./catalogue/case-of.ts";
import { catalogueCases } from "./catalogue/catalogue.ts";
import { injectedCases } from "./inject.ts";

/** What `parseSpec` takes, if need be with `allowUntrainable`: some faults are just that. */
export function causeExample(cause: CauseId): SpecInput {
  const example = EXAMPLES[cause];
  const found = typeof example === "string" ? caseNamed(example) : caseOf(example);
  const { title, ...spec } = withBehind(caseSpec(found, {}) as SpecInput, BEHIND[cause]);
  return {
    ...spec,
    name: cause,
    title: `${capital(cause.replaceAll("-", " "))}: ${title!.replace(INJECTED, "")}`,
    seeds: { training: SEEDS },
  };
}

/** A page shows a live network, and ten give a band and a sign test. */
const SEEDS = 10;

/** The end of an injected case's title. */
const INJECTED = / \((mild|strong)\) into a healthy network on moons$/;

/** An injected fault on moons, or the id of a case of the catalogue, or a case. */
const EXAMPLES: Readonly<Record<CauseId, string | CatalogueCase>> = {
  "unscaled-features": "moons-scale-strong",
  outliers: "moons-outliers-strong",
  "missing-values": "moons-missing-strong",
  "constant-features": "case-03-all-zero",
  "correlated-features": {
    id: "correlated-features",
    title: "fifty copies of a column, of which SGD steps too far along what they share",
    roots: "COLLINEAR",
    data: copiesOf(twoMoons(400, 0.2), 50),
    preprocess: "standardize",
    optimizer: { name: "sgd", lr: 1 },
  },
  "uninformative-features": "moons-noise-columns-strong",
  "leaking-column": "moons-leak-strong",
  "class-imbalance": {
    id: "class-imbalance",
    title: "nine rows of ten of one class, and classes that overlap",
    roots: "IMBALANCE",
    data: twoClasses({
      weights: [0.9],
      n_samples: 1000,
      n_features: 4,
      n_informative: 2,
      n_redundant: 0,
      class_sep: 0.4,
      flip_y: 0.1,
    }),
    layers: dense(8, "relu"),
    optimizer: { name: "adam", lr: 0.003 },
    epochs: 20,
  },
  "label-noise": "moons-label-noise-strong",
  "label-encoding": "case-10-labels-from-1",
  "no-signal": "moons-no-signal-mild",
  "too-little-data": {
    id: "too-little-data",
    title: "four classes that overlap, in 36 training rows",
    roots: "DATA_SMALL",
    data: clouds(4, { n_samples: 60, cluster_std: 5 }, { split: { testFraction: 0.4 } }),
    ...multiclass(4),
  },
  "unshuffled-rows": "moons-sorted-strong",
  "output-activation": "moons-output-activation-strong",
  "hidden-activation": "moons-hidden-activation-strong",
  "redundant-activation": {
    id: "redundant-activation",
    title: "a relu in front of the softmax of ten classes",
    roots: "REDUNDANT_ACT",
    data: clouds(10, { cluster_std: 1.5 }),
    ...multiclass(10),
    output: { units: 10, activation: "relu" },
  },
  "wrong-loss": "moons-loss-strong",
  initialization: "moons-initialization-strong",
  "too-small-network": "case-22-xor-one-unit",
  "too-large-network": {
    id: "too-large-network",
    title: "two layers of 64 units for 80 rows of moons that overlap",
    roots: "CAPACITY + OVERFIT DATA_SMALL",
    data: twoMoons(200, 0.5, { testFraction: 0.6 }),
    layers: dense(64, "relu", 2),
    optimizer: { name: "adam", lr: 0.005 },
    epochs: 400,
  },
  "vanishing-gradients": "moons-vanishing-strong",
  "exploding-gradients": "moons-exploding-strong",
  "dead-units": "case-28-negative-weights",
  "learning-rate-too-high": "moons-rate-high-strong",
  "learning-rate-too-low": "moons-rate-low-mild",
  optimizer: {
    id: "optimizer",
    title: "plain SGD behind two tanh layers",
    roots: "OPT",
    data: twoMoons(400, 0.2),
    layers: dense(16, "tanh", 2),
    optimizer: { name: "sgd", lr: 0.01 },
    epochs: 100,
  },
  "batch-size": {
    id: "batch-size",
    title: "all 1400 training rows in one batch, and as many steps as epochs",
    roots: "BATCH + EPOCHS",
    data: twoMoons(2000, 0.2),
    batch: 1400,
    epochs: 15,
  },
  "too-few-epochs": "moons-epochs-strong",
  overfitting: {
    id: "overfitting",
    title: "800 epochs on 80 rows of moons that overlap",
    roots: "OVERFIT + DATA_SMALL EPOCHS",
    data: twoMoons(200, 0.5, { testFraction: 0.6 }),
    layers: dense(32, "relu"),
    optimizer: { name: "adam", lr: 0.02 },
    epochs: 800,
  },
  "too-much-regularization": "moons-regularization-mild",
  "batch-normalization": "moons-batch-normalization-strong",
};

/** Layers behind the last one of a case: its words have none that is an activation alone. */
const BEHIND: Partial<Record<CauseId, SpecInput["model"]["layers"]>> = {
  "redundant-activation": [{ type: "activation", activation: "softmax" }],
};

function withBehind(spec: SpecInput, layers: SpecInput["model"]["layers"] = []): SpecInput {
  return { ...spec, model: { ...spec.model, layers: [...spec.model.layers, ...layers] } };
}

/** Rows of two moons, a share of them to test on. */
function twoMoons(rows: number, noise: number, split = { testFraction: 0.3 }) {
  return {
    generator: "make_moons",
    params: { n_samples: rows, noise, random_state: 1 },
    target: "int01",
    split,
  } as const;
}

/** A table with its second column so many times more. */
function copiesOf(data: CatalogueCase["data"], count: number): CatalogueCase["data"] {
  const { rows, labels } = rowsOf(data);
  const copied = rows.map((row, i) => [
    ...row,
    ...Array<number | null>(count).fill(row[1]),
    labels[i],
  ]);
  return table(copied, { split: data.split });
}

function caseNamed(id: string): BenchmarkCase {
  const among = id.startsWith("moons-")
    ? injectedCases([moons()], { all: true })
    : catalogueCases();
  return among.find((each) => each.id === id)!;
}

function moons() {
  const { rows, labels } = rowsOf({
    generator: "make_moons",
    params: { n_samples: 300, noise: 0.2, random_state: 1 },
    target: "int01",
    split: null,
  });
  return { name: "moons", columns: ["east", "north"], rows, labels };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
