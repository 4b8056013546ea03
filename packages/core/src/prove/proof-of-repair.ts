// What a network reaches that could not be trained as it stood. There is nothing to pair it with but
// the best constant answer, which a network that answers nothing is taken for.

import { joinedIntervention } from "../causes/change.ts";
import type { Repair } from "../causes/repair.ts";
import type { TraceRun } from "../trace/trace.ts";
import { ALPHA, summaryOf } from "./judge.ts";
import { chanceOf, outcomeOf } from "./outcome.ts";
import { pairedDifference } from "./paired.ts";
import type { JudgedOn, Proof } from "./proof.ts";

/** Worth a change: two points, as the published benchmark has it. */
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
  /** A constant answer fails always. */
  const alwaysFails = failed.map(() => true);
  const n = values.length;
  const { effect, interval, p } = pairedDifference(values, constant, {
    treated: failed,
    baseline: alwaysFails,
  });
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
    baseline: { ...summaryOf(constant, alwaysFails), sd: 0 },
    treated: summaryOf(values, failed),
    effect,
    ci95: interval ?? null,
    p: n < 2 ? null : p,
    verdict: p < ALPHA && effect >= MIN_GAIN ? "fixes" : "undecided",
  };
}
