// Causes that lie in how the network is trained: its steps, how many of them, and what holds them back.

import { sideOfRange } from "../../lint/checks/learning-rate-range.ts";
import type { Finding } from "../../lint/finding.ts";
import { DEFAULT_LEARNING_RATE, type Variant } from "../../spec/spec.ts";
import type { CauseId } from "../cause.ts";
import type { Change } from "../change.ts";
import {
  adam,
  batchOf,
  cosineDecay,
  dropout,
  fewerEpochs,
  fixedRate,
  moreEpochs,
  noRegularization,
  scaleRate,
  setRate,
  weightPenalty,
} from "../changes.ts";
import { type CauseContext, has } from "../context.ts";
import { isAffordable } from "../cost.ts";
import type { CauseRule } from "../rule.ts";

/** One share where the setting is the usual one, another where it is the odd one. */
const ifUsualRate =
  (usual: number, odd: number) =>
  (_: Finding, context: CauseContext): number =>
    isUsualRate(context) ? usual : odd;

export const TRAINING_RULES = {
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
    changes: (context) => [
      ...rateInRange(context, "below"),
      scaleRate(0.1),
      scaleRate(0.01),
      ...(has(context, "loss-oscillates", "noisy-gradient")
        ? [cosineDecay(context.dataset.train.rows)]
        : []),
    ],
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
} satisfies Partial<Record<CauseId, CauseRule>>;

/** Keras's rate for the optimizer or near it; then it is not what is odd about the training. */
function isUsualRate({ variant }: CauseContext): boolean {
  const rate = fixedRate(variant);
  const usual = DEFAULT_LEARNING_RATE[variant.train.optimizer.name];
  return rate !== undefined && 3 * rate >= usual && sideOfRange(variant) === "inside";
}

/** Keras's rate and ten times that, for a rate from which two steps of ten do not lead there. */
function usualRates(variant: Variant): Change[] {
  const usual = DEFAULT_LEARNING_RATE[variant.train.optimizer.name];
  const rate = fixedRate(variant);
  return rate === undefined || 100 * rate >= usual ? [] : [setRate(usual), setRate(10 * usual)];
}

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

/** Batches so large that an epoch is a handful of steps. */
function hasFewBatches({ variant, dataset }: CauseContext): boolean {
  const { batchSize } = variant.train;
  return batchSize > 32 && 4 * batchSize > dataset.train.rows;
}

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
