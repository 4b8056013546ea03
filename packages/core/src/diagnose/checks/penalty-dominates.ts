// penalty-dominates: most of the loss is penalties on the weights while the rows are not learned; the
// optimizer gains more by keeping weights small than by fitting.
//
// A network that has learned its rows also ends with a loss that is mostly penalty, up to 0.9 of it.
// Only one that has not come halfway is named.

import { setPenalties } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import { penaltyShare } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { HALF, lossLeft } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/**
 * TheDeepChecker's limit, a penalty of twice the loss (TOSEM 2022). An l2 of 1 brings 0.87 to
 * 0.99 (bench/results/checks-over-cases.md).
 */
const MAX_SHARE = 2 / 3;

export const penaltyDominates: Check = {
  id: "penalty-dominates",
  title: "Penalties outweigh what there is to learn",
  reads: ["regularizationLoss"],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      const share = largestShare(run);
      return share === undefined ? undefined : share > MAX_SHARE && (lossLeft(run) ?? 1) > HALF;
    });
    if (!isUsual(seen)) return [];
    const share = percent(median(seen.runs.map((run) => largestShare(run)!)));
    return [
      {
        severity: "warning",
        where: "model",
        says: `Penalties made up to ${share} of the loss, and less than half of the rest was learned away, ${seedsText(seen)}.`,
        evidence: [
          `penalties over the loss, the largest of all epochs: ${share} (limit ${percent(MAX_SHARE)})`,
        ],
        interventions: [setPenalties(variant, "no-penalty", "take the penalties away")],
      },
    ];
  },
};

/** Of all epochs: once the weights are down, so is the penalty. */
export function largestShare(run: TraceRun): number | undefined {
  const shares = penaltyShare(run)?.filter(Number.isFinite);
  return shares?.length ? Math.max(...shares) : undefined;
}
