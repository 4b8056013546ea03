// Can the features tell the labels at all? Simple methods over folds of the training part, and a
// permutation test of the best of them. Where these find nothing and had the rows to find it, no
// network and no training will: unless the rule is one that none of them can express, such as the
// parity of many columns.

import type { Dataset } from "../dataset/dataset.ts";
import { hasRowsPerClass } from "../dataset/rows-per-class.ts";
import { wilsonInterval } from "../shared/statistics.ts";
import { answersAbout } from "./answers.ts";
import { largestShare } from "./feature-table.ts";
import type { LearnabilityReport } from "./learnability-report.ts";
import { permutationP } from "./permutation-test.ts";

/** Found in one or two tables of a hundred that have none. */
const SIGNAL_BELOW = 0.02;
/** Between the two more rows would have to tell. */
const NO_SIGNAL_ABOVE = 0.1;
/**
 * How far, of the way from the largest class's share to 1, the best baseline may be above that share
 * at the upper end of its interval for "no signal" to be said: a fifth. 800 coin flips reach 0.13.
 */
const MOST_MISSED = 0.2;

export function learnability(dataset: Dataset): LearnabilityReport {
  const { table, all } = answersAbout(dataset);
  const majority = largestShare(table);
  const baselines = all.map(({ baseline, right: answered }) => {
    const right = table.rows < 2 ? 0 : answered;
    const ci95 = wilsonInterval(right, table.rows);
    return { name: baseline.name, accuracy: right / table.rows, ci95 };
  });
  const best = baselines.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const p = permutationP(table) ?? null;
  const farthest = (best.ci95[1] - majority) / (1 - majority);
  return {
    majority,
    best: { name: best.name, accuracy: best.accuracy },
    baselines,
    p,
    verdict: verdictOf(p, farthest, hasRowsPerClass(dataset)),
  };
}

/** Of a few rows per class simple methods find nothing whatever the features hold. */
function verdictOf(
  p: number | null,
  farthest: number,
  hasRows: boolean,
): LearnabilityReport["verdict"] {
  if (p === null) return "undecided";
  if (p <= SIGNAL_BELOW) return "signal";
  return hasRows && p > NO_SIGNAL_ABOVE && farthest < MOST_MISSED ? "no-signal" : "undecided";
}
