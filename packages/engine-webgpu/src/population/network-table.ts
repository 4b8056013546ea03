// The table from which kernels read what differs between the networks of a population: seeds, where
// their data lies, hyper-parameters. One entry per network, laid out as the kernel's `Network`.

import type { Bucket, Hyper } from "@convergence-lab/core";
import type { PlacedDataset } from "./data-buffer.ts";
import type { PlacedRates } from "./rate-table.ts";

export interface TableEntry {
  readonly trainingSeed: number;
  readonly hyper: Hyper;
  readonly data: PlacedDataset;
  readonly rates: PlacedRates;
}

/** Words before the penalties, two for each layer. */
const FIXED_WORDS = 19;

export function networkTable(
  { network, epochs }: Pick<Bucket, "network" | "epochs">,
  entries: readonly TableEntry[],
): ArrayBuffer {
  // The penalties are vec2f, so they and the whole entry begin at a multiple of 8 bytes.
  const firstPenalty = FIXED_WORDS + (FIXED_WORDS % 2);
  const words = firstPenalty + 2 * network.layers.length;
  const table = new ArrayBuffer(4 * words * entries.length);
  entries.forEach(({ trainingSeed, hyper, data, rates }, i) => {
    const integers = new Uint32Array(table, 4 * words * i, words);
    const floats = new Float32Array(table, 4 * words * i, words);
    integers.set([
      trainingSeed,
      epochs,
      data.trainRows,
      data.testRows,
      data.trainInputs,
      data.trainLabels,
      data.testInputs,
      data.testLabels,
      rates.firstLearningRate,
      rates.lastLearningRate,
      rates.firstCorrection,
      rates.lastCorrection,
    ]);
    floats.set(constants(hyper), 12);
    hyper.l1.forEach((l1, l) => {
      floats.set([l1, hyper.l2[l]], firstPenalty + 2 * l);
    });
  });
  return table;
}

/** Differences from 1 are taken in double, as Keras takes them. */
function constants(hyper: Hyper): number[] {
  const { momentum, beta1, beta2, rho, epsilon, weightDecay } = hyper;
  return [momentum, 1 - beta1, 1 - beta2, rho, 1 - rho, epsilon, weightDecay];
}
