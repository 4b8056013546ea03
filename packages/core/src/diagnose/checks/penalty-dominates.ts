// penalty-dominates: most of the loss is penalties on the weights while the rows are not learned; the
// optimizer gains more by keeping weights small than by fitting.
//
// A network that has learned its rows also ends with a loss that is mostly penalty. That is what the
// penalty is for, so that only one that has not learned is named.

import { setPenalties } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import { penaltyShare } from "../../trace/derived/epochs.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { hasLearned } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/** Over the benchmark only the network that its penalty of 1 holds down has any; it has 0.87. */
const MAX_SHARE = 0.1;

export const penaltyDominates: Check = {
  id: "penalty-dominates",
  title: "Penalties outweigh what there is to learn",
  reads: ["regularizationLoss"],
  examine({ variant, runs }) {
    const seen = seenIn(runs, (run) => {
      const share = largestShare(run);
      return share === undefined ? undefined : share > MAX_SHARE && !hasLearned(run);
    });
    if (!isUsual(seen)) return [];
    const share = percent(median(seen.runs.map((run) => largestShare(run)!)));
    return [
      {
        severity: "warning",
        where: "model",
        says: `Penalties made up ${share} of the loss, and nothing was learned, ${seedsText(seen)}.`,
        evidence: [
          `penalties over the loss, the largest of all epochs: ${share} (limit ${percent(MAX_SHARE)})`,
        ],
        interventions: [setPenalties(variant, "no-penalty", "take the penalties away")],
      },
    ];
  },
};

/** Of all epochs: once the weights are down, so is the penalty. */
function largestShare(run: TraceRun): number | undefined {
  const shares = penaltyShare(run)?.filter(Number.isFinite);
  return shares?.length ? Math.max(...shares) : undefined;
}
