// How much work a training is, which decides what it is worth to make a kernel for it.

import type { Bucket, Plan, Run } from "@convergence-lab/core";

/** Multiplications: three products of every parameter with every row of every batch. */
export function trainingWork(
  { network, batchSize, epochs }: Bucket,
  runs: readonly Run[],
  { rows }: Pick<Plan, "rows">,
): number {
  const batches = runs.reduce((sum, { dataset }) => sum + Math.ceil(rows[dataset] / batchSize), 0);
  return 3 * network.layout.size * batchSize * epochs * batches;
}
