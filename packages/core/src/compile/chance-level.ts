// The chance level of a dataset: what a predictor reaches that ignores its inputs. A network that
// does not beat it has learned nothing, whatever its loss curve looks like.

import type { Dataset, Part } from "../dataset/dataset.ts";
import type { Hyper, Network } from "./plan.ts";

/** The numbers of a loss that change what its best constant is. */
type LossNumbers = Pick<Hyper, "gamma" | "focalAlpha" | "labelSmoothing" | "classWeight">;

/** Loss and accuracy of the best constant predictor, fitted on the training part. */
export interface Chance {
  readonly loss: number;
  readonly accuracy: number;
  /** Absent without a test part. */
  readonly valLoss?: number;
  readonly valAccuracy?: number;
}

/**
 * Loss of the constant outputs with the least loss on the training part, and accuracy of its most
 * frequent class; both then measured on the test part as well, where class weights do not count.
 */
export function chanceLevel(
  dataset: Pick<Dataset, "classes" | "train" | "test">,
  network: Pick<Network, "loss" | "layers" | "applyClassBalancing">,
  numbers: LossNumbers = {},
): Chance {
  const classes = Math.max(network.layers.at(-1)!.units, dataset.classes.length);
  const counted = classShares(dataset.train, classes);
  const guess = counted.indexOf(Math.max(...counted));
  const weighted = classShares(dataset.train, classes, dataset.train.sampleWeight).map(
    (share, k) => share * (numbers.classWeight?.[k] ?? 1),
  );
  const best = bestConstant(weighted, network, numbers);
  const level = (part: Part, masses: readonly number[]) => ({
    loss: constantLoss(best, masses, network, numbers),
    accuracy: classShares(part, classes)[guess],
  });
  const train = level(dataset.train, weighted);
  if (dataset.test.rows === 0) return train;
  const { sampleWeight } = dataset.test;
  const test = level(dataset.test, classShares(dataset.test, classes, sampleWeight));
  return { ...train, valLoss: test.loss, valAccuracy: test.accuracy };
}

/** Of the rows of a part; with weights, of their sum over the number of rows. */
function classShares(part: Part, classes: number, weights?: Float32Array): number[] {
  const counts = new Array<number>(classes).fill(0);
  part.y.forEach((label, i) => {
    counts[label] += weights?.[i] ?? 1;
  });
  return counts.map((count) => count / part.rows);
}

type Head = Parameters<typeof chanceLevel>[1];

/** Whether the loss compares one distribution over the classes with another. */
function isCategorical({ loss }: Head): boolean {
  return /categorical/i.test(loss);
}

/**
 * For each output: how much weight falls on "it is on" and how much on "it is off". A single
 * output is compared with the class's index: with 0 or 1, and with more than "on" where there are
 * more classes, so that "off" may be negative. Label smoothing moves weight from side to side.
 */
function outputMasses(masses: readonly number[], head: Head, numbers: LossNumbers) {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const smoothing = /crossentropy/i.test(head.loss) ? (numbers.labelSmoothing ?? 0) : 0;
  const even = isCategorical(head) ? 1 / masses.length : 1 / 2;
  const single = head.layers.at(-1)!.units === 1 && !isCategorical(head);
  return (single ? [indexMass(masses, head)] : masses).map((mass) => {
    const on = mass * (1 - smoothing) + total * smoothing * even;
    return { on, off: total - on };
  });
}

/** One output whose distance from the class's index is the loss. */
function isDistance({ loss, layers }: Head): boolean {
  return (
    layers.at(-1)!.units === 1 && (loss === "meanSquaredError" || loss === "meanAbsoluteError")
  );
}

/** The number with the least mean distance from the indices: their mean, or their median. */
function nearestIndex(masses: readonly number[], { loss }: Head): number {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (loss === "meanSquaredError") {
    return masses.reduce((sum, mass, k) => sum + mass * k, 0) / total;
  }
  let below = 0;
  return masses.findIndex((mass) => {
    below += mass;
    return 2 * below >= total;
  });
}

/** The class's index on average, times the weight; hinge only asks whether it is above 0. */
function indexMass(masses: readonly number[], { loss }: Head): number {
  return masses.reduce((sum, mass, k) => sum + mass * (loss === "hinge" ? Math.min(k, 1) : k), 0);
}

/** The outputs with the least loss: probabilities, or for hinge -1 and 1. */
function bestConstant(masses: readonly number[], head: Head, numbers: LossNumbers): number[] {
  if (isDistance(head)) return [nearestIndex(masses, head)];
  const outputs = outputMasses(masses, head, numbers);
  if (isCategorical(head)) {
    if (head.loss === "categoricalFocalCrossentropy") {
      return bestFocalDistribution(
        outputs.map(({ on }) => on),
        numbers.gamma ?? 0,
      );
    }
    const total = outputs.reduce((sum, { on }) => sum + on, 0);
    return outputs.map(({ on }) => on / total);
  }
  return outputs.map(({ on, off }) => {
    switch (head.loss) {
      case "hinge":
        return on > off ? 1 : -1;
      case "meanAbsoluteError":
        return on > off ? 1 : 0;
      case "binaryFocalCrossentropy":
        return zeroOfRising((p) => outputSlope(p, on, off, head, numbers));
      default:
        return Math.min(on / (on + off), 1);
    }
  });
}

function constantLoss(
  constant: readonly number[],
  masses: readonly number[],
  head: Head,
  numbers: LossNumbers,
): number {
  if (isDistance(head)) {
    const power = head.loss === "meanSquaredError" ? 2 : 1;
    return masses.reduce((sum, mass, k) => sum + mass * Math.abs(k - constant[0]) ** power, 0);
  }
  // One output is all of its own sum, so its share is 1 whatever the label.
  if (isCategorical(head) && head.layers.at(-1)!.units === 1) return 0;
  const outputs = outputMasses(masses, head, numbers);
  const sum = outputs.reduce(
    (total, { on, off }, k) => total + outputLoss(constant[k], on, off, head, numbers),
    0,
  );
  return isCategorical(head) ? sum : sum / outputs.length;
}

/** Loss of one output that is always `p` and should be on with weight `on`, off with `off`. */
function outputLoss(p: number, on: number, off: number, head: Head, numbers: LossNumbers): number {
  const { gamma = 0, focalAlpha = 1 } = numbers;
  const balance = head.applyClassBalancing ? [focalAlpha, 1 - focalAlpha] : [1, 1];
  switch (head.loss) {
    case "binaryCrossentropy":
      return -on * clippedLog(p) - off * clippedLog(1 - p);
    case "binaryFocalCrossentropy":
      return balance[0] * on * focal(p, gamma) + balance[1] * off * focal(1 - p, gamma);
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
      return -on * clippedLog(p);
    case "categoricalFocalCrossentropy":
      return focalAlpha * on * focal(p, gamma);
    case "meanSquaredError":
      return on * (1 - p) ** 2 + off * p ** 2;
    case "meanAbsoluteError":
      return on * (1 - p) + off * p;
    case "hinge":
      return on * Math.max(1 - p, 0) + off * Math.max(1 + p, 0);
  }
}

function focal(p: number, gamma: number): number {
  return -((1 - p) ** gamma) * clippedLog(p);
}

/** Keras clips probabilities to [1e-7, 1 - 1e-7]; without it an unseen class would cost infinity. */
function clippedLog(p: number): number {
  return Math.log(Math.min(Math.max(p, 1e-7), 1 - 1e-7));
}

/** Derivative of the focal term -(1 - p)^gamma log p; it rises with p. */
function focalSlope(p: number, gamma: number): number {
  return gamma * (1 - p) ** (gamma - 1) * Math.log(p) - (1 - p) ** gamma / p;
}

function outputSlope(p: number, on: number, off: number, head: Head, numbers: LossNumbers): number {
  const { gamma = 0, focalAlpha = 1 } = numbers;
  const balance = head.applyClassBalancing ? [focalAlpha, 1 - focalAlpha] : [1, 1];
  return balance[0] * on * focalSlope(p, gamma) - balance[1] * off * focalSlope(1 - p, gamma);
}

/**
 * The distribution with the least categorical focal loss: at the minimum all weighted slopes are
 * one number, and the number is the one at which the probabilities sum to 1.
 */
function bestFocalDistribution(masses: readonly number[], gamma: number): number[] {
  const seen = masses.filter((mass) => mass > 0);
  if (seen.length < 2) return masses.map((mass) => (mass > 0 ? 1 : 0));
  const at = (slope: number) =>
    masses.map((mass) => (mass > 0 ? zeroOfRising((p) => mass * focalSlope(p, gamma) - slope) : 0));
  const excess = (t: number) => at(-1 / t + 1).reduce((sum, p) => sum + p, 0) - 1;
  return at(-1 / zeroOfRising(excess) + 1);
}

/** Where a rising function on (0, 1) changes sign, by bisection to double precision. */
function zeroOfRising(f: (x: number) => number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
