// One comparison over one kind of seed, judged: what metric-part.ts and behavior-part.ts produce
// and judge-claims.ts puts together. Numbers may be infinite here; a ClaimPart's may not.

import type { Interval } from "../shared/statistics.ts";
import type { ClaimPart, ReportedInterval, SeedAxis, Verdict } from "./claim-report.ts";

export interface JudgedPart {
  /** The comparison as the spec states it: "balanced valLoss lower than shallow". */
  readonly comparison: string;
  readonly over: SeedAxis;
  readonly verdict: Verdict;
  readonly n: number;
  /** Undefined when nothing was measured; NaN when the median lies between -Infinity and Infinity. */
  readonly effect: number | undefined;
  readonly interval: Interval | undefined;
  /** The value of the effect at which the claim turns: 0, or a share of runs. */
  readonly threshold: number;
  /** The claimed side of the threshold. */
  readonly claimed: 1 | -1;
  /** What was seen, a clause with its numbers and without the verdict. */
  readonly seen: string;
  readonly test: string;
  readonly why: string;
}

/** Supported on the claimed side of the threshold, contradicted on the other, undecided across it. */
export function verdictOf(
  interval: Interval | undefined,
  threshold: number,
  claimed: 1 | -1,
): Verdict {
  if (interval === undefined) return "undecided";
  const side = interval[0] > threshold ? 1 : interval[1] < threshold ? -1 : 0;
  if (side === 0) return "undecided";
  return side === claimed ? "supported" : "contradicted";
}

/** A verdict's place in "supported only if all are, contradicted if any is". */
const STRENGTH: Record<Verdict, number> = { contradicted: 0, undecided: 1, supported: 2 };

/** Weaker parts first: by verdict, then by how many half-widths they lie on the claimed side. */
export function byStrength(a: JudgedPart, b: JudgedPart): number {
  return STRENGTH[a.verdict] - STRENGTH[b.verdict] || compare(margin(a), margin(b));
}

function margin({ effect, interval, threshold, claimed }: JudgedPart): number {
  if (effect === undefined || interval === undefined) return Number.NEGATIVE_INFINITY;
  const distance = claimed * (effect - threshold);
  const margin = distance / ((interval[1] - interval[0]) / 2);
  // 0 / 0 and infinity / infinity: the distance alone says which side.
  return Number.isNaN(margin) ? distance || 0 : margin;
}

/** Infinities compare as equal to themselves, where their difference would be NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function reportPart(part: JudgedPart): ClaimPart {
  return {
    says: part.comparison,
    over: part.over,
    verdict: part.verdict,
    effect: finiteOrNull(part.effect),
    ci95: reportInterval(part.interval),
    n: part.n,
    test: part.test,
    why: part.why,
  };
}

/** JSON has no infinity and no NaN. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

export function reportInterval(interval: Interval | undefined): ReportedInterval | null {
  return interval === undefined ? null : [finiteOrNull(interval[0]), finiteOrNull(interval[1])];
}
