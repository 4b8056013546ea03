// label-leakage: one column tells the label alone. Easy data has several good columns; a single perfect
// one is often the answer itself under another name, and surely where no other comes near.

import { percent } from "../../shared/number-text.ts";
import { hasFeatures } from "../blocks.ts";
import { dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Nearest neighbour in one column, leaving the row itself out. deepchecks' 0.8 fires on iris. */
const MIN_ACCURACY = 0.99;
/** The next column must make this many times the errors, or the classes are simply far apart. */
const MIN_ERROR_RATIO = 10;
/** With fewer rows 99% is chance. */
const MIN_ROWS = 50;

export const labelLeakage = lintCheck({
  id: "label-leakage",
  title: "One column tells the label alone",
  reads: ["predictors", "labels"],
  examine(variant, { predictors, labels }) {
    if (!hasFeatures(variant.model)) return [];
    if (predictors.length < 2 || predictors[0].rows < MIN_ROWS) return [];
    const [best, second] = [...predictors].sort((a, b) => b.accuracy - a.accuracy);
    const errors = Math.max(1 - best.accuracy, 1 / best.rows);
    const total = labels.train.reduce((sum, count) => sum + count, 0);
    const majority = Math.max(...labels.train) / total;
    const isAlone = 1 - second.accuracy >= MIN_ERROR_RATIO * errors;
    // A rare class makes 99% easy: the column must also remove nine of ten errors of the majority.
    if (best.accuracy < MIN_ACCURACY || errors > 0.1 * (1 - majority)) return [];
    // Where several do, the classes are simply far apart.
    if (!isAlone && second.accuracy >= MIN_ACCURACY) return [];
    const others = isAlone ? "no other comes near" : "another comes near";
    return [
      {
        severity: isAlone ? "warning" : "note",
        where: `column ${best.column}`,
        says: `Column ${best.column} tells the label of ${percent(best.accuracy)} of the rows alone, and ${others}; ask whether it is known before the label is.`,
        evidence: [
          `nearest other row in ${best.column}: ${percent(best.accuracy)} right (limit ${percent(MIN_ACCURACY)})`,
          `next best, ${second.column}: ${percent(second.accuracy)}; largest class: ${percent(majority)}`,
        ],
        interventions: [dropColumns(variant, [best.column])],
      },
    ];
  },
});
