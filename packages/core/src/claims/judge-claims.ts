// Trace -> what became of each of the spec's claims.
//
// A claim is a list of expectations, an expectation is one or more comparisons ("others" is every
// other variant in turn), and a comparison is judged over each kind of seed that the trace varies.
// All must hold: a claim is supported when everything below it is, and contradicted when anything
// is. That needs no correction for the number of tests on the side of "supported", because a false
// claim would have to pass them all.

import { MIN_FOR_MEDIAN_INTERVAL } from "../shared/statistics.ts";
import type { ClaimSpec, Expectation } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { judgeBehavior } from "./behavior-part.ts";
import type { ClaimReport, SeedAxis, Verdict } from "./claim-report.ts";
import {
  byStrength,
  finiteOrNull,
  type JudgedPart,
  reportInterval,
  reportPart,
} from "./judged-part.ts";
import { judgeMetric } from "./metric-part.ts";
import { type Axis, seedAxes, sharedAxes } from "./seed-axes.ts";

export function judgeClaims(trace: Trace): ClaimReport[] {
  const axes = seedAxes(trace);
  const variants = trace.variants.map((variant) => variant.name);
  return trace.spec.claims.map((claim) =>
    judge(
      claim,
      claim.expect.flatMap((expectation) => comparisons(expectation, axes, variants)),
    ),
  );
}

/** The parts of one comparison: one, or one per kind of seed; training seeds first. */
type Comparison = readonly JudgedPart[];

function comparisons(
  expectation: Expectation,
  axes: readonly [Axis, Axis],
  variants: readonly string[],
): Comparison[] {
  const { variant } = expectation;
  if ("behaves" in expectation) {
    return [sharedAxes(axes, [variant]).map((axis) => judgeBehavior(expectation, axis))];
  }
  const others =
    expectation.than === "others"
      ? variants.filter((name) => name !== variant)
      : [expectation.than];
  return others.map((other) =>
    sharedAxes(axes, [variant, other]).map((axis) => judgeMetric(expectation, other, axis)),
  );
}

function judge(claim: ClaimSpec, judged: readonly Comparison[]): ClaimReport {
  const weakest = judged.toSorted((a, b) => byStrength(weakestPart(a), weakestPart(b)))[0];
  if (weakest === undefined) {
    return {
      text: claim.text,
      verdict: "undecided",
      effect: null,
      ci95: null,
      n: 0,
      says: "There is no other variant to compare with: undecided.",
      parts: [],
    };
  }
  const headline = weakestPart(weakest);
  return {
    text: claim.text,
    verdict: headline.verdict,
    effect: finiteOrNull(headline.effect),
    ci95: reportInterval(headline.interval),
    n: headline.n,
    says: `${sentence(weakest)}${company(judged)}.`,
    parts: judged.flat().map(reportPart),
  };
}

/** Its verdict is that of all the parts: contradicted if any is, supported only if all are. */
function weakestPart(parts: readonly JudgedPart[]): JudgedPart {
  return parts.toSorted(byStrength)[0];
}

/** One comparison in words, over both kinds of seed where they differ; without the full stop. */
function sentence(comparison: Comparison): string {
  const headline = weakestPart(comparison);
  const { verdict, seen, interval, over } = headline;
  const other = comparison.find((part) => part !== headline);
  if (interval === undefined) return `${seen}: undecided${missing(headline)}`;
  if (other === undefined || other.interval === undefined) return `${seen}: ${verdict}`;
  if (other.verdict === verdict) {
    return `${seen}: ${verdict}${verdict === "undecided" ? "" : `, over ${other.over} too`}`;
  }
  if (verdict === "contradicted") {
    return `${seen}: contradicted over ${over}, ${other.verdict} over ${other.over}`;
  }
  // Supported along one axis and undecided along the other.
  const holds: Record<SeedAxis, string> = {
    "training seeds": "it holds on this split, not over new data",
    "data seeds": "it holds over new data, not over training seeds on the data as written",
    folds: "it holds over folds, not over training seeds on the first of them",
  };
  return `${other.seen}, but ${seen}: ${holds[other.over]}, undecided`;
}

function missing({ n, over }: JudgedPart): string {
  return n === 0 ? "" : `, because a verdict needs ${MIN_FOR_MEDIAN_INTERVAL} or more ${over}`;
}

/** How the other comparisons of the claim fared. */
function company(judged: readonly Comparison[]): string {
  if (judged.length === 1) return "";
  const verdicts = judged.map((parts) => weakestPart(parts).verdict);
  const counts = (["supported", "undecided", "contradicted"] satisfies Verdict[])
    .map((verdict) => ({ verdict, count: verdicts.filter((v) => v === verdict).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 1) {
    return `; the weakest of ${judged.length} comparisons, all ${counts[0].verdict}`;
  }
  const list = counts.map(({ verdict, count }) => `${count} ${verdict}`).join(", ");
  return `; the weakest of ${judged.length} comparisons (${list})`;
}
