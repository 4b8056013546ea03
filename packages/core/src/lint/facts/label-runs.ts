// Whether rows come in the order of their classes, told by runs of equal labels.

import type { Facts } from "./facts.ts";

/** Runs of equal labels, as a share of what independent labels would have on average. */
const MAX_SHARE_OF_RUNS = 0.25;

export interface LabelOrder {
  readonly isSorted: boolean;
  /** What rows in random order would have. */
  readonly expectedRuns: number;
}

/** Wald and Wolfowitz (1940), for any number of classes: 1 + n (1 - sum of squared shares). */
export function labelOrder({ labels, shape }: Pick<Facts, "labels" | "shape">): LabelOrder {
  const counts = labels.train.map((count, k) => count + labels.test[k]);
  return orderOf(labels.runs, counts, shape.rows + shape.testRows);
}

/** Of the training part alone: the rows behind it may come in any order. */
export function trainingOrder({ labels, shape }: Pick<Facts, "labels" | "shape">): LabelOrder {
  return orderOf(labels.trainRuns, labels.train, shape.rows);
}

function orderOf(runs: number, counts: readonly number[], rows: number): LabelOrder {
  const together = counts.reduce((sum, count) => sum + (count / rows) ** 2, 0);
  const expectedRuns = 1 + rows * (1 - together);
  return { isSorted: runs <= MAX_SHARE_OF_RUNS * expectedRuns, expectedRuns };
}
