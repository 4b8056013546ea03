// What a network reaches that could not be trained as it stood. There is nothing to pair it with but
// the best constant answer, which a network that answers nothing is taken for.

import { joinedIntervention } from "../causes/change.ts";
import type { Repair } from "../causes/repair.ts";
import { mean, sampleSd } from "../shared/statistics.ts";
import type { TraceRun } from "../trace/trace.ts";
import { chanceOf, outcomeOf } from "./outcome.ts";
import { pairedDifference } from "./paired.ts";
import type { JudgedOn, Proof } from "./proof.ts";

/** What is taken for real, and worth a change, as in prove.ts. */
const ALPHA = 0.01;
const MIN_GAIN = 0.02;

/** @param runs Of the repaired network, with whatever was changed beside. */
export function proofOfRepair(
  { findings, interventions }: Repair,
  runs: readonly TraceRun[],
  on: JudgedOn,
): Proof {
  const outcomes = runs.map((run) => outcomeOf(run, on));
  const values = outcomes.map(({ accuracy }) => accuracy);
  const constant = runs.map((run) => chanceOf(run, on));
  const failed = outcomes.map((outcome) => outcome.failed);
  const n = values.length;
  const { effect, interval, p } = pairedDifference(values, constant, {
    treated: failed,
    baseline: failed.map(() => true),
  });
  const sd = sampleSd(values);
  const { id, says, patch } = joinedIntervention(interventions);
  return {
    cause: "label-encoding",
    finding: findings[0].id,
    intervention: id,
    says,
    patch,
    on,
    metric: "accuracy",
    n,
    baseline: { n, mean: mean(constant), sd: 0, failed: { k: n, n } },
    treated: {
      n,
      mean: mean(values),
      sd: Number.isFinite(sd) ? sd : null,
      failed: { k: failed.filter(Boolean).length, n },
    },
    effect,
    ci95: interval ?? null,
    p: n < 2 ? null : p,
    verdict: p < ALPHA && effect >= MIN_GAIN ? "fixes" : "undecided",
  };
}
