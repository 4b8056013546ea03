// rare-classes-missed: new rows of the classes that had few training rows are answered wrongly far more
// often than those of the others. The accuracy hides it where they are rare among the new rows too.

import { MAX_RATIO } from "../../lint/checks/class-imbalance.ts";
import { percent } from "../../shared/number-text.ts";
import { mean } from "../../shared/statistics.ts";
import { latestConfusion } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/** Of the recalls, so much is a difference that somebody would mind. */
const MIN_GAP = 0.1;
/** Standard errors of the difference: new rows of a rare class may be few themselves. */
const SURE_ERRORS = 2;

export const rareClassesMissed: Check = {
  id: "rare-classes-missed",
  title: "New rows of rare classes are missed",
  reads: ["valConfusion"],
  examine({ runs, trained: { classCounts, classes } }) {
    const largest = Math.max(...classCounts);
    const isRare = classCounts.map((count) => count > 0 && largest > MAX_RATIO * count);
    if (!isRare.includes(true)) return [];
    const seen = seenIn(runs, (run) => {
      const found = foundOf(run, isRare);
      return found && found.others - found.rare > Math.max(MIN_GAP, SURE_ERRORS * found.error);
    });
    if (!isUsual(seen)) return [];
    const found = seen.runs.map((run) => foundOf(run, isRare)!);
    const [rare, others] = [mean(found.map((of) => of.rare)), mean(found.map((of) => of.others))];
    const rares = classCounts.flatMap((count, k) =>
      isRare[k] ? [`${classes?.[k] ?? k} (${count})`] : [],
    );
    return [
      {
        severity: "note",
        where: "data.source.labels",
        says: `Of the new rows of rare classes ${percent(rare)} are found, of the others ${percent(others)}, ${seedsText(seen)}.`,
        evidence: [
          `classes with less than a tenth of the largest one's ${largest} training rows: ${rares.join(", ")}`,
          `difference in recall ${percent(others - rare)} (limit ${percent(MIN_GAP)}, and ${SURE_ERRORS} standard errors of so few rows)`,
        ],
      },
    ];
  },
};

/** Recall over all new rows of the rare classes and of the others, and the difference's error. */
function foundOf(run: TraceRun, isRare: readonly boolean[]) {
  const confusion = latestConfusion(run, "valConfusion");
  if (confusion === undefined) return undefined;
  const { classes, counts } = confusion;
  const recallOf = (isAsked: (k: number) => boolean) => {
    const asked = Array.from({ length: classes }, (_, k) => k).filter(isAsked);
    const right = asked.reduce((sum, k) => sum + counts[k * classes + k], 0);
    const rows = asked.reduce(
      (sum, k) => sum + counts.subarray(k * classes, (k + 1) * classes).reduce((a, b) => a + b, 0),
      0,
    );
    return { right, rows };
  };
  const rare = recallOf((k) => isRare[k] === true);
  const others = recallOf((k) => isRare[k] !== true);
  if (rare.rows === 0 || others.rows === 0) return undefined;
  return {
    rare: rare.right / rare.rows,
    others: others.right / others.rows,
    error: Math.sqrt(varianceOf(rare) + varianceOf(others)),
  };
}

/** Of a share of few rows, one of which each way is added: no row right of two is not sure to be 0. */
function varianceOf({ right, rows }: { readonly right: number; readonly rows: number }): number {
  const share = (right + 1) / (rows + 2);
  return (share * (1 - share)) / rows;
}
