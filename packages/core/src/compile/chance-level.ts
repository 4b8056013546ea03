// The chance level of a dataset: what a predictor reaches that ignores its inputs. A network that
// does not beat it has learned nothing, whatever its loss curve looks like.

import type { Dataset, Part } from "../dataset/dataset.ts";
import type { Loss } from "../spec/spec.ts";
import type { Network } from "./plan.ts";

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
 * frequent class; both then measured on the test part as well.
 */
export function chanceLevel(dataset: Dataset, network: Pick<Network, "loss" | "layers">): Chance {
  const outputs = network.layers[network.layers.length - 1].units;
  const classes = Math.max(outputs, dataset.classes.length);
  const fitted = classShares(dataset.train, classes);
  const guess = fitted.indexOf(Math.max(...fitted));
  const level = (part: Part) => {
    const shares = classShares(part, classes);
    // A single output stands for class 1; several are the classes one-hot.
    const loss =
      outputs === 1 && network.loss !== "sparseCategoricalCrossentropy"
        ? constantLoss(network.loss, [fitted[1]], [shares[1]])
        : constantLoss(network.loss, fitted, shares);
    return { loss, accuracy: shares[guess] };
  };
  const train = level(dataset.train);
  if (dataset.test.rows === 0) return train;
  const test = level(dataset.test);
  return { ...train, valLoss: test.loss, valAccuracy: test.accuracy };
}

function classShares(part: Part, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of part.y) counts[label]++;
  return counts.map((count) => count / part.rows);
}

/** Mean loss where output k is 1 in a share `actual[k]` of the rows and was fitted to `fitted[k]`. */
function constantLoss(loss: Loss, fitted: readonly number[], actual: readonly number[]): number {
  const sum = fitted.reduce((total, p, k) => total + outputLoss(loss, p, actual[k]), 0);
  return loss === "sparseCategoricalCrossentropy" ? sum : sum / fitted.length;
}

/** Loss of one output that was fitted to a share `p` of ones and meets a share `q`. */
function outputLoss(loss: Loss, p: number, q: number): number {
  switch (loss) {
    case "binaryCrossentropy":
      return -q * clippedLog(p) - (1 - q) * clippedLog(1 - p);
    case "sparseCategoricalCrossentropy":
      return -q * clippedLog(p);
    case "meanSquaredError":
      return q * (1 - p) ** 2 + (1 - q) * p ** 2;
    // The best constant is -1 or +1, whichever is more frequent, and costs 2 where it is wrong.
    case "hinge":
      return 2 * (p > 0.5 ? 1 - q : q);
  }
}

/** Keras clips probabilities to [1e-7, 1 - 1e-7]; without it an unseen class would cost infinity. */
function clippedLog(p: number): number {
  return Math.log(Math.min(Math.max(p, 1e-7), 1 - 1e-7));
}
