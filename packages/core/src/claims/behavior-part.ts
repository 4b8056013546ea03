// Judges "more than this share of A's runs behave so" over one kind of seed: the share with its
// Wilson interval, against the claimed share.

import { percent } from "../shared/number-text.ts";
import { MIN_FOR_MEDIAN_INTERVAL, wilsonInterval } from "../shared/statistics.ts";
import type { BehaviorExpectation } from "../spec/spec.ts";
import { BEHAVIOR_VERBS, behavesAny } from "./behaviors.ts";
import { type JudgedPart, verdictOf } from "./judged-part.ts";
import type { Axis } from "./seed-axes.ts";

/** As for medians: below it even all runs of one kind differ from a half by chance too often. */
const MIN_RUNS = MIN_FOR_MEDIAN_INTERVAL;

const WHY =
  "Wilson's interval keeps near 95% for few runs and for shares near 0 and 1, where the normal interval fails.";
const WHY_TOO_FEW = `Below ${MIN_RUNS} runs even all of them differ from a half by chance in 2 / 2^5 = 6% of cases.`;
const WHY_NOT_MEASURED = "A behaviour that was not measured is never taken for one that passed.";

export function judgeBehavior(expectation: BehaviorExpectation, axis: Axis): JudgedPart {
  const { variant, behaves, inMoreThan } = expectation;
  const answers = [...axis.runsOf(variant).values()]
    .map((run) => behavesAny(run, behaves))
    .filter((answer) => answer !== undefined);
  const n = answers.length;
  const k = answers.filter((answer) => answer).length;
  const verbs = behaves.map((behavior) => BEHAVIOR_VERBS[behavior]).join(" or ");
  const shared = {
    comparison: `${variant} ${verbs} in more than ${percent(inMoreThan)} of runs`,
    over: axis.over,
    n,
    threshold: inMoreThan,
    claimed: 1,
  } as const;
  if (n === 0) {
    return {
      ...shared,
      verdict: "undecided",
      effect: undefined,
      interval: undefined,
      seen: `whether ${variant} ${verbs} was not measured`,
      test: "none",
      why: WHY_NOT_MEASURED,
    };
  }
  const interval = n < MIN_RUNS ? undefined : wilsonInterval(k, n);
  const range =
    interval === undefined ? "" : `95% ${percent(interval[0])} to ${percent(interval[1])}, `;
  return {
    ...shared,
    verdict: verdictOf(interval, inMoreThan, 1),
    effect: k / n,
    interval,
    seen: `${variant} ${verbs} in ${k} of ${n} runs (${range}${axis.over}) where more than ${percent(inMoreThan)} are claimed`,
    test: "Wilson interval of a share",
    why: interval === undefined ? WHY_TOO_FEW : WHY,
  };
}
