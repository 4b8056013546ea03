// Causes that lie in the rows and their labels.

import { MIN_CLASS_ROWS } from "../../dataset/rows-per-class.ts";
import { factsOf } from "../../lint/facts/facts.ts";
import type { Finding } from "../../lint/finding.ts";
import type { CauseId } from "../cause.ts";
import { standardizeInputs } from "../changes.ts";
import { type CauseContext, findingsOf, has } from "../context.ts";
import type { CauseRule } from "../rule.ts";

export const DATA_RULES = {
  "unscaled-features": {
    says: "The features reach the network on scales that its initial weights do not fit.",
    where: "data.preprocess",
    findings: {
      "unscaled-features": 1,
      "test-part-differs": 1,
      "saturated-units": 0.3,
      outliers: 0.3,
    },
    certain: ["test-part-differs"],
    prior: () => 0.4,
    changes: () => [standardizeInputs],
  },
  outliers: {
    says: "A few extreme values decide what the network sees of a column.",
    where: "data.preprocess",
    findings: { outliers: 1 },
  },
  "missing-values": {
    says: "Missing values reach the network as they are.",
    where: "data.preprocess",
    findings: { "missing-values": 1, "sentinel-values": 1 },
    certain: ["missing-values"],
  },
  "constant-features": {
    says: "Columns carry no information.",
    where: "data",
    findings: { "constant-column": ({ severity }) => (severity === "error" ? 1 : 0.5) },
    certain: ["constant-column"],
  },
  "correlated-features": {
    says: "Columns repeat each other.",
    where: "data",
    findings: { "duplicate-columns": 0.5, "correlated-features": 0.5 },
  },
  "uninformative-features": {
    says: "Most columns say nothing about the label, and the network learns them by heart.",
    where: "data",
    findings: { "uninformative-columns": 1 },
  },
  "leaking-column": {
    says: "A column names the row or the answer.",
    where: "data",
    findings: {
      "identifier-column": 1,
      "label-leakage": ({ severity }, context) =>
        severity === "note" && failsOnNewRows(context) ? AS_A_WARNING : 1,
      "test-part-in-scaler": 0.5,
    },
  },
  "class-imbalance": {
    says: "One class outnumbers the others, and the network answers with it.",
    where: "data.source.labels",
    findings: {
      "class-imbalance": imbalanceShare,
      "rare-classes-missed": 4,
      "majority-predictor": (_, context) =>
        findingsOf(context, "class-imbalance").length > 0 ? 1 : 0,
    },
  },
  "label-noise": {
    says: "Labels contradict each other.",
    where: "data.source.labels",
    findings: {
      "conflicting-labels": 1,
      "suspect-labels": 1.2,
      "test-part-easier": (_, context) => (has(context, "sorted-split") ? 0 : 1),
    },
  },
  "no-signal": {
    says: "The features do not tell the labels.",
    where: "data",
    findings: {},
  },
  "too-little-data": {
    says: "There are too few rows for this network.",
    where: "data",
    findings: { "too-few-rows": 1, "more-rows-help": 1 },
    against: (context) => [
      ...(has(context, "sorted-split")
        ? ["the split left rows of that class out of the training part"]
        : []),
      ...(knowsNewRows(context)
        ? ["it is right about the test rows nearly as often as about those it was trained on"]
        : []),
    ],
  },
  "unshuffled-rows": {
    says: "The order of the rows decides what is trained on, and when.",
    where: "data.split",
    findings: { "sorted-split": 1.2, "sorted-batches": 1 },
  },
} satisfies Partial<Record<CauseId, CauseRule>>;

/** Of its training rows a network is right about far more than of the test part's. */
function failsOnNewRows({ reached }: CauseContext): boolean {
  return reached !== undefined && reached.training - reached.test > LARGE_GAP;
}

/** Four times a usual one: more than a test part of 30 rows shows by chance. */
const LARGE_GAP = 0.2;

/** Of a note, which weighs a sixth. */
const AS_A_WARNING = 6;

/** Imbalance alone stops no network; what it does to the answers counts, or rare classes without rows. */
function imbalanceShare(_: Finding, context: CauseContext): number {
  if (has(context, "majority-predictor")) return 1.5;
  if (has(context, "too-few-rows")) return lacksRareRows(context) ? 1.1 : 0.8;
  return 0.4;
}

/** Whether rows are too few of some classes only: with as many of each there would be enough. */
function lacksRareRows({ dataset }: CauseContext): boolean {
  return Math.max(...factsOf(dataset).labels.train) >= ENOUGH_ROWS * MIN_CLASS_ROWS;
}

/** Times what a class needs to be learned from at all. */
const ENOUGH_ROWS = 3;

/**
 * Whether the test part shows no gap: none that is more than usual, and than chance in so few rows.
 * Where most training rows are not known, there is nothing that could be known of others.
 */
function knowsNewRows({ reached, dataset }: CauseContext): boolean {
  if (reached === undefined || reached.training < 0.5) return false;
  const { training, test } = reached;
  const error = Math.sqrt((test * (1 - test)) / dataset.test.rows);
  return training - test < Math.max(USUAL_GAP, 2 * error);
}

/** A gap that networks without any fault have. */
const USUAL_GAP = 0.05;
