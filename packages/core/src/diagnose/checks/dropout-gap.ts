// dropout-gap: with its dropout and noise the network does far worse on the training rows than
// without, and even without it has not learned much: too little gets through to learn from.

import { placesText } from "../../lint/blocks.ts";
import { isDropout, withoutDropout } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { HALF, latestInferenceGap, lossLeft } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * Of the best constant predictor's loss. In healthy networks dropout costs 0.01 to 0.09, in those
 * that are named 0.19 to 0.66 (bench/results/checks-over-cases.md).
 */
const MAX_GAP = 0.1;

export const dropoutGap: Check = {
  id: "dropout-gap",
  title: "Dropout or noise hides what there is to learn",
  reads: ["inferenceLoss"],
  examine({ variant, runs }) {
    const places = variant.model.layers.flatMap((layer, i) => (isDropout(layer) ? [i] : []));
    if (places.length === 0) return [];
    const seen = seenIn(runs, (run) => {
      const gap = gapOf(run);
      return gap === undefined ? undefined : gap > MAX_GAP;
    });
    if (!isUsual(seen)) return [];
    const gap = percent(median(seen.runs.map((run) => gapOf(run)!)));
    return [
      {
        severity: isUsual(seenIn(seen.runs, (run) => (lossLeft(run) ?? 1) > HALF))
          ? "warning"
          : "note",
        where: placesText(places),
        says: `In training mode the loss is higher than in inference mode by ${gap} of the best constant predictor's, ${seedsText(seen)}.`,
        evidence: [
          `training loss minus the same rows' without dropout and noise: ${gap} (limit ${percent(MAX_GAP)})`,
        ],
        interventions: [withoutDropout(variant)],
      },
    ];
  },
};

/** What dropout and noise cost. */
export function gapOf(run: TraceRun): number | undefined {
  const gap = latestInferenceGap(run);
  return gap === undefined ? undefined : -gap;
}
