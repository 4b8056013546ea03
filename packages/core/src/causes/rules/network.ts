// Causes that lie in the layers, from what the head and its loss read down to the first weights.

import type { Finding } from "../../lint/finding.ts";
import { headOf } from "../../spec/head.ts";
import type { CauseId } from "../cause.ts";
import {
  batchNormalization,
  clipNorm,
  deepen,
  fitHead,
  hiddenLayers,
  kerasInitializers,
  narrow,
  oneHiddenLayer,
  widen,
} from "../changes.ts";
import { type CauseContext, has } from "../context.ts";
import type { CauseRule } from "../rule.ts";

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

/** What the first layer does with inputs of the wrong size says little about the layer. */
const unscaledFirst = (context: CauseContext) =>
  has(context, "unscaled-features")
    ? ["the inputs are far from unit scale, which drives units to where they are flat"]
    : [];

export const NETWORK_RULES = {
  "label-encoding": {
    says: "The labels are not what the head and the loss read.",
    where: "model",
    findings: { "label-range": 1, "head-units": 1 },
    certain: ["label-range", "head-units"],
    changes: ({ dataset }) => [fitHead(dataset.classes.length)],
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
      ...(has(context, "underfitting") ? [deepen] : []),
    ],
  },
  "too-large-network": {
    says: "The network is larger or deeper than the task needs.",
    where: "model",
    findings: { overfitting: 0.4 },
    // Its change replaces most of the network: of equal ones it comes last.
    prior: (context) => (hiddenCount(context) > 1 ? 0.15 : 0),
    changes: (context) => [oneHiddenLayer, ...(has(context, "overfitting") ? [narrow(4)] : [])],
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
  "batch-normalization": {
    says: "The statistics of training and of inference differ.",
    where: "model",
    findings: { "batch-norm-gap": 1, "batch-norm-batches": 0.8, "batch-norm-lag": 0.6 },
  },
} satisfies Partial<Record<CauseId, CauseRule>>;

/** One activation and the wrong one, not two on one layer. */
function isHiddenSoftmax({ interventions }: Finding): boolean {
  return interventions.some(({ id }) => id === "relu-hidden");
}

function hasOwnInitializer({ model }: CauseContext["variant"]): boolean {
  return model.layers.some(
    (layer) =>
      layer.type === "dense" &&
      /^(zeros|ones|constant|randomNormal|randomUniform|truncatedNormal)$/.test(
        layer.kernelInitializer.name,
      ),
  );
}
