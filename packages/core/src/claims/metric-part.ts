// Judges "A's metric is lower (higher) than B's" over one kind of seed: the median of the
// differences A - B between runs that share their seeds, with its exact sign-test interval.

import { intervalNumbers, percent } from "../shared/number-text.ts";
import {
  type Interval,
  MIN_FOR_MEDIAN_INTERVAL,
  median,
  medianInterval,
} from "../shared/statistics.ts";
import type { Metric, MetricExpectation } from "../spec/spec.ts";
import type { SeedAxis } from "./claim-report.ts";
import { finalValue, isLoss, METRIC_NAMES } from "./final-value.ts";
import { type JudgedPart, verdictOf } from "./judged-part.ts";
import { type Axis, sharedSeeds } from "./seed-axes.ts";

const WHY =
  "Losses are skewed and a diverged run's is infinite; this interval assumes no distribution and takes both as they are.";
const WHY_TOO_FEW = `There is no 95% interval of a median below ${MIN_FOR_MEDIAN_INTERVAL} pairs: all 5 of 5 on one side happens by chance in 2 / 2^5 = 6% of cases.`;
const WHY_NOT_MEASURED = "A metric that was not measured is never taken for one that passed.";

/** @param other The variant compared with; `expectation.than` may say "others". */
export function judgeMetric(expectation: MetricExpectation, other: string, axis: Axis): JudgedPart {
  const { metric, variant, is } = expectation;
  const seeds = sharedSeeds(axis, [variant, other]);
  const pairs = seeds.flatMap((seed) => {
    const value = finalValue(axis.runsOf(variant).get(seed)!, metric);
    const otherValue = finalValue(axis.runsOf(other).get(seed)!, metric);
    return value === undefined || otherValue === undefined ? [] : [{ value, otherValue }];
  });
  const claimed = is === "lower" ? -1 : 1;
  const shared = {
    comparison: `${variant} ${metric} ${is} than ${other}`,
    over: axis.over,
    n: pairs.length,
    threshold: 0,
    claimed,
  } as const;
  if (pairs.length === 0) {
    return {
      ...shared,
      verdict: "undecided",
      effect: undefined,
      interval: undefined,
      seen: notMeasured(metric, [variant, other], seeds.length),
      test: "none",
      why: WHY_NOT_MEASURED,
    };
  }
  // Two runs that both diverged are equally bad, not Infinity - Infinity.
  const differences = pairs.map(({ value, otherValue }) =>
    value === otherValue ? 0 : value - otherValue,
  );
  const effect = median(differences);
  const exact = medianInterval(differences);
  const coverage = exact === undefined ? "" : `, coverage ${percent(exact.coverage)}`;
  return {
    ...shared,
    verdict: verdictOf(exact?.interval, 0, claimed),
    effect,
    interval: exact?.interval,
    seen:
      pairs.every(({ value }) => !Number.isFinite(value)) && effect === 0
        ? `${variant} and ${other} both diverge (${pairs.length} ${axis.over})`
        : seen(
            { variant, other, metric, over: axis.over, n: pairs.length },
            effect,
            exact?.interval,
          ),
    test: `exact interval of the median paired difference (sign test inverted${coverage})`,
    why: exact === undefined ? WHY_TOO_FEW : WHY,
  };
}

function notMeasured(metric: Metric, variants: readonly string[], seeds: number): string {
  if (seeds === 0) return `no seed was trained with both ${variants.join(" and ")}`;
  const reason = metric.startsWith("val") ? ", because the data has no test part" : "";
  return `the ${METRIC_NAMES[metric]} of ${variants.join(" and ")} was not measured${reason}`;
}

interface Comparison {
  readonly variant: string;
  readonly other: string;
  readonly metric: Metric;
  readonly over: SeedAxis;
  readonly n: number;
}

/** "balanced's validation loss is 0.012 higher than shallow's (95% 0.008 to 0.017, 20 data seeds)" */
function seen(comparison: Comparison, effect: number, interval: Interval | undefined): string {
  const { over, n } = comparison;
  const [low, high] = interval ?? [effect, effect];
  const [size, ...ends] = intervalNumbers(effect, low, high).map((text) => text.replace(/^-/, ""));
  const outcome = outcomeOf(comparison, effect, size);
  const count = `${n} ${n === 1 ? over.replace(/s$/, "") : over}`;
  if (interval === undefined) return `${outcome} (${count})`;
  const oneSided = Math.sign(low) === Math.sign(high) && low !== 0;
  const describe = (end: number, text: string) => {
    if (!Number.isFinite(end)) return `${diverging(comparison, end)} diverging`;
    return end === 0 || oneSided ? text : `${text} ${direction(end)}`;
  };
  const phrases = [describe(low, ends[0]), describe(high, ends[1])];
  // Sizes without a direction read from the smaller one up.
  if (oneSided && high < 0) phrases.reverse();
  const range = low === high ? phrases[0] : phrases.join(" to ");
  return `${outcome} (95% ${range}, ${count})`;
}

function outcomeOf(comparison: Comparison, effect: number, size: string): string {
  const { variant, other, metric } = comparison;
  const name = `${variant}'s ${METRIC_NAMES[metric]}`;
  if (Number.isNaN(effect)) {
    return `${variant} and ${other} each diverge in half of the pairs, never in the same`;
  }
  if (!Number.isFinite(effect)) {
    return `${diverging(comparison, effect)} diverges and ${diverging(comparison, -effect)} does not in most pairs`;
  }
  if (effect === 0) return `${name} equals ${other}'s in the median`;
  return `${name} is ${size} ${direction(effect)} than ${other}'s`;
}

function direction(difference: number): "lower" | "higher" {
  return difference < 0 ? "lower" : "higher";
}

/** Which of the two diverges where their difference is infinite. */
function diverging({ variant, other, metric }: Comparison, difference: number): string {
  return difference > 0 === isLoss(metric) ? variant : other;
}
