// correlated-features: columns that say nearly the same. A gradient step along what they share is
// too long or one along their difference too short; adaptive optimizers train in spite of it.

import { shortNumber, withMinus } from "../../shared/number-text.ts";
import { isProjecting, isScaling } from "../../spec/preprocess-steps.ts";
import { hasFeatures } from "../blocks.ts";
import type { InputFacts } from "../facts/inputs.ts";
import { decorrelate, dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

/** deepchecks reports from 0.9; at 0.95 nine tenths of each column's variance is the other's. */
const MAX_CORRELATION = 0.95;
/** Belsley, Kuh and Welsch (1980): a condition index of 30 is strong; the condition number is its square. */
const MAX_CONDITION = 900;
/** Of more columns finding directions takes longer than training does: it grows with their cube. */
const MOST_TO_DECORRELATE = 256;

export const correlatedFeatures = lintCheck({
  id: "correlated-features",
  title: "Columns say nearly the same",
  reads: ["correlation", "shape", "inputs"],
  examine(variant, { correlation, shape, inputs }) {
    if (!hasFeatures(variant.model)) return [];
    // With fewer rows than columns any table is singular.
    if (correlation === null || correlation.rows <= shape.inputs) return [];
    const { pairs, conditionNumber, largestInflation, rows } = correlation;
    const strong = pairs.filter(({ r }) => Math.abs(r) >= MAX_CORRELATION);
    if (strong.length === 0 && conditionNumber <= MAX_CONDITION) return [];
    const repeated = [...new Set(strong.map(({ columns }) => columns[1]))];
    const number = (value: number) => (Number.isFinite(value) ? shortNumber(value) : "infinite");
    const evidence = strong
      .slice(0, 5)
      .map(
        ({ columns: [a, b], r }) =>
          `r(${a}, ${b}) = ${withMinus(shortNumber(r))} (limit ${MAX_CORRELATION})`,
      );
    if (strong.length > 5) evidence.push(`${strong.length - 5} more pairs above the limit`);
    evidence.push(
      `condition number of the correlations ${number(conditionNumber)} (limit ${MAX_CONDITION}), over ${rows} rows`,
    );
    if (largestInflation !== null) {
      evidence.push(
        `largest variance inflation ${number(largestInflation.factor)}, of ${largestInflation.column}`,
      );
    }
    const { preprocess } = variant.data;
    const canBeTurned =
      shape.inputs <= MOST_TO_DECORRELATE &&
      inputs.every(({ notFinite }) => notFinite === 0) &&
      (preprocess.some(isScaling) || inputs.every(isAtUnitScale)) &&
      !preprocess.some(isProjecting);
    return [
      {
        severity: "note",
        where: repeated.length > 0 ? columnsText(repeated) : "data",
        says:
          strong.length > 0
            ? `${strong.length} ${strong.length === 1 ? "pair of columns says" : "pairs of columns say"} nearly the same, first of all ${strong[0].columns.join(" and ")}.`
            : `Some columns are nearly a sum of others (condition number ${number(conditionNumber)}).`,
        evidence,
        interventions: [
          ...(repeated.length > 0 ? [dropColumns(variant, repeated)] : []),
          ...(canBeTurned ? [decorrelate(variant)] : []),
        ],
      },
    ];
  },
});

/** Directions are: where columns are not, scaling them may be all that helps, and is the smaller change. */
function isAtUnitScale({ mean, sd }: InputFacts): boolean {
  return sd > 1 / UNIT_SCALE && sd < UNIT_SCALE && Math.abs(mean) < sd;
}

const UNIT_SCALE = 3;
