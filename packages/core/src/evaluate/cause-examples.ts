// One small faulty network for every cause: what a page about the cause shows live. Most are a healthy
// network on two moons with one fault injected, so that its answers can be drawn over the plane; what
// moons cannot have is a case of the catalogue.

import type { CauseId } from "../causes/cause.ts";
import type { SpecInput } from "../spec/spec.ts";
import type { BenchmarkCase } from "./benchmark-case.ts";
import { caseSpec } from "./case-spec.ts";
import { type CatalogueCase, caseOf, dense, rowsOf } from "./catalogue/case-of.ts";
import { catalogueCases } from "./catalogue/catalogue.ts";
import { injectedCases } from "./inject.ts";

/** What `parseSpec` takes, if need be with `allowUntrainable`: some faults are just that. */
export function causeExample(cause: CauseId): SpecInput {
  const example = EXAMPLES[cause];
  const found = typeof example === "string" ? caseNamed(example) : caseOf(example);
  const { title, ...spec } = caseSpec(found, {}) as SpecInput;
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
    title: "five copies of each of two columns",
    roots: "COLLINEAR + SCALE",
    data: {
      generator: "correlated_classification",
      params: { n_samples: 400, n_clusters_per_class: 1, random_state: 1 },
      target: "int01",
      split: { testFraction: 0.3 },
    },
    optimizer: { name: "sgd", lr: 0.01 },
  },
  "uninformative-features": "moons-noise-columns-strong",
  "leaking-column": "moons-leak-strong",
  "class-imbalance": "moons-imbalance-strong",
  "label-noise": "moons-label-noise-strong",
  "label-encoding": "case-10-labels-from-1",
  "no-signal": "moons-no-signal-mild",
  "too-little-data": "moons-few-rows-strong",
  "unshuffled-rows": "moons-sorted-strong",
  "output-activation": "moons-output-activation-strong",
  "hidden-activation": "moons-hidden-activation-strong",
  "redundant-activation": "case-09-softmax-twice",
  "wrong-loss": "moons-loss-strong",
  initialization: "moons-initialization-strong",
  "too-small-network": "case-22-xor-one-unit",
  "too-large-network": {
    id: "too-large-network",
    title: "512 units for 60 noisy rows",
    roots: "CAPACITY + OVERFIT DATA_SMALL",
    data: {
      generator: "make_moons",
      params: { n_samples: 200, noise: 0.4, random_state: 1 },
      target: "int01",
      split: { testFraction: 0.7 },
    },
    layers: dense(512, "relu"),
    epochs: 150,
  },
  "vanishing-gradients": "moons-vanishing-strong",
  "exploding-gradients": "moons-exploding-strong",
  "dead-units": "case-28-negative-weights",
  "learning-rate-too-high": "moons-rate-high-strong",
  "learning-rate-too-low": "moons-rate-low-mild",
  optimizer: "moons-optimizer-mild",
  "batch-size": "moons-batch-strong",
  "too-few-epochs": "moons-epochs-strong",
  overfitting: "moons-overfit-mild",
  "too-much-regularization": "moons-regularization-mild",
  "batch-normalization": "moons-batch-normalization-strong",
};

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
