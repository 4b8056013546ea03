// A baseline: a simple method that needs no tuning and no device. What does not depend on the labels
// is done once, so that a permutation test can ask again with other labels.

import { argMax } from "./arg-max.ts";
import type { FeatureTable } from "./feature-table.ts";
import type { Fold } from "./folds.ts";

/** Labels of all rows of the table -> a score per row asked about and class; the highest is likeliest. */
export type Fit = (labels: Int32Array) => Float64Array;

export interface Baseline {
  readonly name: string;
  prepare(table: FeatureTable, fold: Fold): Fit;
}

/** Scores of every row, (rows, classes), each from the other folds. */
export function outOfFold(
  { rows, classes }: FeatureTable,
  folds: readonly Fold[],
  fits: readonly Fit[],
  labels: Int32Array,
): Float64Array {
  const scores = new Float64Array(rows * classes);
  folds.forEach(({ about }, i) => {
    const found = fits[i](labels);
    about.forEach((row, place) => {
      scores.set(found.subarray(place * classes, (place + 1) * classes), row * classes);
    });
  });
  return scores;
}

/** What a baseline says of each row, from the other folds. */
export function foldPredictions(
  table: FeatureTable,
  baseline: Baseline,
  folds: readonly Fold[],
): Int32Array {
  return predictions(foldScores(table, baseline, folds), table.classes);
}

/** How it comes to that: a score per row and class. */
export function foldScores(
  table: FeatureTable,
  baseline: Baseline,
  folds: readonly Fold[],
): Float64Array {
  const fits = folds.map((fold) => baseline.prepare(table, fold));
  return outOfFold(table, folds, fits, table.labels);
}

/** The likeliest class of each row. */
export function predictions(scores: Float64Array, classes: number): Int32Array {
  return Int32Array.from({ length: scores.length / classes }, (_, row) =>
    argMax(scores, row * classes, classes),
  );
}
