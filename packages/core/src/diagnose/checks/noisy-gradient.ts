// noisy-gradient: within an epoch the gradient's norm changes so much from batch to batch that a step
// says more about its batch than about the data.
//
// Near the end of a training that has succeeded this is normal: most batches then have nothing left
// to say. It is a symptom only in a network that has not learned.

import { setTraining } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import { gradientNoise } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { hasLearned } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * The coefficient of variation of the gradient's norm over the steps of an epoch. Heavy tails in
 * the columns bring 1.24, a rate of 10 brings 1.7 (bench/results/checks-over-cases.md).
 */
const MAX_NOISE = 1;

export const noisyGradient: Check = {
  id: "noisy-gradient",
  title: "Gradients that are the batch's more than the data's",
  reads: ["gradientNormMean", "gradientNormVariance"],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      const noise = noiseOf(run);
      return noise === undefined ? undefined : noise > MAX_NOISE && !hasLearned(run);
    });
    if (!isUsual(seen)) return [];
    const noise = shortNumber(median(seen.runs.map((run) => noiseOf(run)!)));
    const larger = Math.min(256, Math.max(32, 4 * variant.train.batchSize));
    return [
      {
        severity: "warning",
        where: "train.batchSize",
        says: `From batch to batch the gradient's norm scatters by ${noise} times its mean, ${seedsText(seen)}.`,
        evidence: [
          `coefficient of variation within an epoch, median over the second half: ${noise} (limit ${MAX_NOISE})`,
        ],
        interventions:
          larger > variant.train.batchSize
            ? [setTraining("larger-batch", `take batches of ${larger}`, { batchSize: larger })]
            : [],
      },
    ];
  },
};

export function noiseOf(run: TraceRun): number | undefined {
  const noise = gradientNoise(run);
  const known = noise && Array.from(noise.subarray(noise.length >> 1)).filter(Number.isFinite);
  return known?.length ? median(known) : undefined;
}
