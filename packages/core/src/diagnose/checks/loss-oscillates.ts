// loss-oscillates: from epoch to epoch the training loss jumps up and down instead of falling, because
// the steps are too large for where they are taken, or the batches too small for their size.

import { scaleLearningRate, setTraining } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { median, sampleSd } from "../../shared/statistics.ts";
import { dataLoss } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * The scatter of the loss around its trend in the second half, over the best constant predictor's
 * loss. Healthy networks stay below 0.0192, those that are named have 0.038 to 11
 * (bench/results/checks-over-cases.md).
 */
const MAX_ROUGHNESS = 0.03;
/** Fewer epochs in the second half have no scatter to speak of. */
const MIN_CHANGES = 4;
/** Batches below this are the likelier reason; Keras's default is 32. */
const SMALL_BATCH = 8;

export const lossOscillates: Check = {
  id: "loss-oscillates",
  title: "The training loss jumps up and down",
  reads: [],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      const rough = roughness(run);
      return rough === undefined ? undefined : rough > MAX_ROUGHNESS;
    });
    if (!isUsual(seen)) return [];
    const rough = shortNumber(median(seen.runs.map((run) => roughness(run)!)));
    const { batchSize } = variant.train;
    return [
      {
        severity: "warning",
        where: "train.learningRate",
        says: `In the second half the training loss still jumps from epoch to epoch, by ${rough} times the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          `scatter around the trend ${rough} (limit ${MAX_ROUGHNESS})`,
          `batches of ${batchSize}`,
        ],
        interventions: [
          scaleLearningRate(variant, 0.1),
          ...(batchSize < SMALL_BATCH
            ? [setTraining("larger-batch", "take batches of 32", { batchSize: 32 })]
            : []),
        ],
      },
    ];
  },
};

/**
 * Independent scatter of sd s gives changes of sd s sqrt(2) around their mean, which is the trend.
 * Undefined with too few epochs or for a loss without a scale.
 */
export function roughness(run: TraceRun): number | undefined {
  const { chance, status } = run;
  const loss = dataLoss(run, "loss");
  if (loss === undefined || status === "diverged" || chance.loss === 0) return undefined;
  const half = loss.subarray(loss.length >> 1);
  if (half.length <= MIN_CHANGES) return undefined;
  const changes = Array.from(half.subarray(1), (value, i) => value - half[i]);
  return sampleSd(changes) / Math.SQRT2 / Math.abs(chance.loss);
}
