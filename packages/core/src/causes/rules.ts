// Which findings speak for which cause, what would undo it, and what speaks against it. One entry
// per cause; docs/causes has a page for each.

import { MIN_CLASS_ROWS } from "../dataset/rows-per-class.ts";
import { sideOfRange } from "../lint/checks/learning-rate-range.ts";
import { factsOf } from "../lint/facts/facts.ts";
import type { Finding } from "../lint/finding.ts";
import { headOf } from "../spec/head.ts";
import { DEFAULT_LEARNING_RATE, type Variant } from "../spec/spec.ts";
import type { CauseId } from "./cause.ts";
import type { Change } from "./change.ts";
import {
  adam,
  batchNormalization,
  batchOf,
  clipNorm,
  dropout,
  fewerEpochs,
  fitHead,
  fixedRate,
  hiddenLayers,
  kerasInitializers,
  moreEpochs,
  noRegularization,
  oneHiddenLayer,
  scaleRate,
  setRate,
  standardizeInputs,
  weightPenalty,
  widen,
} from "./changes.ts";
import { type CauseContext, findingsOf, has } from "./context.ts";
import { isAffordable } from "./cost.ts";

export interface CauseRule {
  /** What to say where no finding says it better. */
  readonly says: string;
  readonly where: string;
  /** Check id -> share of the finding's weight that falls to this cause. */
  readonly findings: Readonly<
    Record<string, number | ((finding: Finding, context: CauseContext) => number)>
  >;
  /** Checks whose errors prove the cause without a training. */
  readonly certain?: readonly string[];
  /** Weight without any finding: how often people meet it and how little a try costs. */
  readonly prior?: (context: CauseContext) => number;
  /** Changes beyond those that the findings propose, the likeliest first. */
  readonly changes?: (context: CauseContext) => readonly Change[];
  /** What speaks against it; each halves its weight. */
  readonly against?: (context: CauseContext) => readonly string[];
}

const hiddenCount = ({ variant }: CauseContext) =>
  variant.model.layers.filter(({ type }) => type === "dense").length - 1;

/** A layer that hardly anything passes, however wide the others are. */
const hasBottleneck = ({ variant }: CauseContext) =>
  variant.model.layers
    .slice(0, headOf(variant.model).index)
    .some((layer) => layer.type === "dense" && layer.units < 8);

const isBounded = ({ variant }: CauseContext) =>
  variant.model.layers.some(
    (layer) =>
      (layer.type === "dense" || layer.type === "activation") &&
      /^(sigmoid|hardSigmoid|tanh|softsign)$/.test(layer.activation.name),
  );

/** The changes of hidden layers, the one that keeps most of the network first. */
const otherHidden = (context: CauseContext) =>
  isBounded(context)
    ? [hiddenLayers("tanh"), hiddenLayers("relu"), hiddenLayers("selu")]
    : [hiddenLayers("relu"), hiddenLayers("tanh"), hiddenLayers("selu")];

/** Keras's rate and ten times that, for a rate from which two steps of ten do not lead there. */
function usualRates(variant: Variant): Change[] {
  const usual = DEFAULT_LEARNING_RATE[variant.train.optimizer.name];
  const rate = fixedRate(variant);
  return rate === undefined || 100 * rate >= usual ? [] : [setRate(usual), setRate(10 * usual)];
}

/** Keras's rate for the optimizer or near it; then it is not what is odd about the training. */
function isUsualRate({ variant }: CauseContext): boolean {
  const rate = fixedRate(variant);
  const usual = DEFAULT_LEARNING_RATE[variant.train.optimizer.name];
  return rate !== undefined && 3 * rate >= usual && sideOfRange(variant) === "inside";
}

/** Batches so large that an epoch is a handful of steps. */
function hasFewBatches({ variant, dataset }: CauseContext): boolean {
  const { batchSize } = variant.train;
  return batchSize > 32 && 4 * batchSize > dataset.train.rows;
}

/** One share where the setting is the usual one, another where it is the odd one. */
const ifUsualRate =
  (usual: number, odd: number) =>
  (_: Finding, context: CauseContext): number =>
    isUsualRate(context) ? usual : odd;

/** What the range test found, where that is another rate by half a decade at least. */
function rateInRange({ variant, bestRate }: CauseContext, side: "above" | "below"): Change[] {
  const rate = fixedRate(variant);
  if (rate === undefined || bestRate === undefined) return [];
  const factor = bestRate / rate;
  return (side === "above" ? factor >= HALF_A_DECADE : factor <= 1 / HALF_A_DECADE)
    ? [setRate(bestRate)]
    : [];
}

const HALF_A_DECADE = 3;

/** A gap that networks without any fault have. */
const USUAL_GAP = 0.05;

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

/** Of its training rows a network is right about far more than of the test part's. */
function failsOnNewRows({ reached }: CauseContext): boolean {
  return reached !== undefined && reached.training - reached.test > LARGE_GAP;
}

/** Four times a usual one: more than a test part of 30 rows shows by chance. */
const LARGE_GAP = 0.2;

/** Of a note, which weighs a sixth. */
const AS_A_WARNING = 6;

/** One activation and the wrong one, not two on one layer. */
function isHiddenSoftmax({ interventions }: Finding): boolean {
  return interventions.some(({ id }) => id === "relu-hidden");
}

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

/** What the first layer does with inputs of the wrong size says little about the layer. */
const unscaledFirst = (context: CauseContext) =>
  has(context, "unscaled-features")
    ? ["the inputs are far from unit scale, which drives units to where they are flat"]
    : [];

export const CAUSE_RULES: Readonly<Record<CauseId, CauseRule>> = {
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
  "label-encoding": {
    says: "The labels are not what the head and the loss read.",
    where: "model",
    findings: { "label-range": 1, "head-units": 1 },
    certain: ["label-range", "head-units"],
    changes: ({ dataset }) => [fitHead(dataset.classes.length)],
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
  "output-activation": {
    says: "The head's activation does not give what the loss reads.",
    where: "model",
    findings: {
      "softmax-on-one-unit": 1,
      "double-softmax": 1,
      "head-activation": 1,
      "head-units": 0.5,
    },
    certain: ["softmax-on-one-unit", "head-activation", "double-softmax"],
    prior: () => 0.2,
    changes: ({ dataset }) => [fitHead(dataset.classes.length)],
  },
  "hidden-activation": {
    says: "The hidden layers bend nothing, or bend it badly.",
    where: "model",
    findings: {
      "linear-hidden-layers": 1.2,
      "stacked-activations": (finding) => (isHiddenSoftmax(finding) ? 1 : 0),
    },
    prior: (context) => (hiddenCount(context) > 0 ? 0.2 : 0),
    changes: (context) => otherHidden(context),
  },
  "redundant-activation": {
    says: "Two activations follow each other.",
    where: "model",
    findings: { "stacked-activations": (finding) => (isHiddenSoftmax(finding) ? 0 : 1) },
  },
  "wrong-loss": {
    says: "The loss is not one for classes.",
    where: "train.loss",
    findings: { "regression-loss": 1 },
    prior: ({ variant }) => (/crossentropy/i.test(variant.train.loss.name) ? 0 : 0.5),
    changes: ({ dataset }) => [fitHead(dataset.classes.length)],
  },
  initialization: {
    says: "The initial weights do not let the signal through.",
    where: "model",
    findings: {
      "constant-initializer": 1.5,
      "wide-initializer": 1,
      "symmetric-units": 1.2,
      "vanishing-at-start": (_, { variant }) => (hasOwnInitializer(variant) ? 0.9 : 0.2),
      "seed-dependent": 0.3,
    },
    certain: ["constant-initializer"],
    prior: ({ variant }) => (hasOwnInitializer(variant) ? 0.4 : 0),
    changes: () => [kerasInitializers],
  },
  "too-small-network": {
    says: "The network is too small for the task.",
    where: "model",
    findings: { underfitting: 0.7 },
    prior: (context) => (hiddenCount(context) === 0 ? 0.6 : 0.3),
    changes: (context) => [
      ...(hiddenCount(context) === 0 ? [] : [widen(4, 32)]),
      ...(hiddenCount(context) <= 1 || hasBottleneck(context) ? [oneHiddenLayer] : []),
    ],
  },
  "too-large-network": {
    says: "The network is larger or deeper than the task needs.",
    where: "model",
    findings: { overfitting: 0.4 },
    // Its change replaces most of the network: of equal ones it comes last.
    prior: (context) => (hiddenCount(context) > 1 ? 0.15 : 0),
    changes: () => [oneHiddenLayer],
  },
  "vanishing-gradients": {
    says: "The gradient does not reach the first layers.",
    where: "model",
    findings: {
      "vanishing-gradients": 1.1,
      "vanishing-at-start": (_, { variant }) => (hasOwnInitializer(variant) ? 0.5 : 1),
      "saturated-units": 0.4,
    },
    changes: (context) =>
      has(context, "vanishing-gradients", "vanishing-at-start")
        ? [...otherHidden(context), batchNormalization]
        : [],
    against: (context) => [
      ...unscaledFirst(context),
      ...(has(context, "dead-units", "born-dead")
        ? ["dead units cut the gradient off, which looks the same from the first layers"]
        : []),
    ],
  },
  "exploding-gradients": {
    says: "The gradient grows from layer to layer.",
    where: "model",
    findings: { "exploding-gradients": 1.2, "non-finite": 0.6 },
    changes: (context) =>
      has(context, "exploding-gradients", "non-finite") ? [...otherHidden(context), clipNorm] : [],
  },
  "dead-units": {
    says: "Hidden units are off for every row and do not come back.",
    where: "model",
    findings: { "dead-units": 1.2, "born-dead": 1.1 },
    changes: (context) =>
      has(context, "dead-units", "born-dead")
        ? [hiddenLayers("leakyReLU"), hiddenLayers("tanh"), hiddenLayers("selu")]
        : [],
    against: unscaledFirst,
  },
  "learning-rate-too-high": {
    says: "The steps are too large.",
    where: "train.learningRate",
    findings: {
      "learning-rate-range": (_, { variant }) => (sideOfRange(variant) === "above" ? 1.2 : 0),
      "loss-diverges": 1,
      "loss-oscillates": 0.8,
      "large-updates": 0.8,
      "non-finite": 0.8,
      "dead-units": 0.2,
    },
    prior: () => 0.3,
    changes: (context) => [...rateInRange(context, "below"), scaleRate(0.1), scaleRate(0.01)],
  },
  "learning-rate-too-low": {
    says: "The steps are too small.",
    where: "train.learningRate",
    findings: {
      "learning-rate-range": (_, { variant }) => (sideOfRange(variant) === "below" ? 1.2 : 0),
      "too-few-steps": ifUsualRate(0.5, 1),
      "loss-still-falling": ifUsualRate(0.4, 0.7),
      "tiny-updates": ifUsualRate(0.6, 1),
    },
    prior: () => 0.4,
    changes: (context) => [
      ...rateInRange(context, "above"),
      scaleRate(10),
      scaleRate(100),
      ...usualRates(context.variant),
    ],
    against: ({ variant }) =>
      sideOfRange(variant) === "above" ? ["the rate is above the optimizer's range"] : [],
  },
  optimizer: {
    says: "The optimizer does not get on with this loss surface.",
    where: "train.optimizer",
    findings: {
      "too-few-steps": (_, { variant }) => (variant.train.optimizer.name === "sgd" ? 0.5 : 0),
    },
    prior: ({ variant }) => (variant.train.optimizer.name === "adam" ? 0 : 0.5),
    changes: ({ variant }) =>
      variant.train.optimizer.name === "adam" && fixedRate(variant) === 0.001
        ? []
        : [adam(0.001), adam(0.01)],
  },
  "batch-size": {
    says: "The batches are too small or too large for their number.",
    where: "train.batchSize",
    findings: {
      "noisy-gradient": 0.7,
      "batch-larger-than-data": 0.6,
      "too-few-steps": (_, context) => (hasFewBatches(context) ? 1.1 : 0),
      "loss-still-falling": (_, context) => (hasFewBatches(context) ? 0.9 : 0),
    },
    prior: (context) =>
      context.variant.train.batchSize <= 2 ? 3 : hasFewBatches(context) ? 0.5 : 0.1,
    changes: ({ variant }) =>
      variant.train.batchSize < 32
        ? [batchOf(32)]
        : variant.train.batchSize > 64
          ? [batchOf(32)]
          : [],
  },
  "too-few-epochs": {
    says: "Training ends before it has got anywhere.",
    where: "train.epochs",
    findings: {
      "too-few-steps": ifUsualRate(1, 0.7),
      "loss-still-falling": ifUsualRate(0.8, 0.6),
    },
    prior: () => 0.2,
    changes: longerTrainings,
  },
  overfitting: {
    says: "The network learns the training rows by heart.",
    where: "train",
    findings: { overfitting: 1 },
    changes: (context) =>
      has(context, "overfitting")
        ? [fewerEpochs(1 / 3), fewerEpochs(0.1), weightPenalty(0.01), weightPenalty(0.001), dropout]
        : [],
  },
  "too-much-regularization": {
    says: "Penalties, dropout or noise leave nothing to learn with.",
    where: "model",
    findings: {
      "strong-penalty": 1.2,
      "strong-dropout": 1,
      "unstable-decay": 1.2,
      "penalty-dominates": 1,
      "dropout-gap": 0.8,
    },
    prior: (context) => (noRegularization.make(context.variant) === undefined ? 0 : 0.5),
    changes: () => [noRegularization],
  },
  "batch-normalization": {
    says: "The statistics of training and of inference differ.",
    where: "model",
    findings: { "batch-norm-gap": 1, "batch-norm-batches": 0.8, "batch-norm-lag": 0.6 },
  },
};

/** Of few epochs many times as many, where anybody would wait for them. */
function longerTrainings({ variant, dataset }: CauseContext): Change[] {
  if (variant.train.epochs > FEW_EPOCHS) return [moreEpochs(5)];
  const { train } = variant;
  const times = [10, 50].filter((factor) => {
    const longer = { ...variant, train: { ...train, epochs: factor * train.epochs } };
    return isAffordable(longer, variant, dataset);
  });
  return (times.length === 0 ? [5] : times).map(moreEpochs);
}

const FEW_EPOCHS = 10;

function hasOwnInitializer({ model }: CauseContext["variant"]): boolean {
  return model.layers.some(
    (layer) =>
      layer.type === "dense" &&
      /^(zeros|ones|constant|randomNormal|randomUniform|truncatedNormal)$/.test(
        layer.kernelInitializer.name,
      ),
  );
}
