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
  const rows = shape.rows + shape.testRows;
  const shares = labels.train.map((count, k) => (count + labels.test[k]) / rows);
  const expectedRuns = 1 + rows * (1 - shares.reduce((sum, share) => sum + share ** 2, 0));
  return { isSorted: labels.runs <= MAX_SHARE_OF_RUNS * expectedRuns, expectedRuns };
}
