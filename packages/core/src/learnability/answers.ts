// What every simple method says of each training row, from the other folds. Several questions are
// asked of the same answers, and a dataset is answered about once.

import type { Dataset } from "../dataset/dataset.ts";
import { type Baseline, foldScores, predictions } from "./baseline.ts";
import { boostedPairs } from "./baselines/boosted-pairs.ts";
import { logisticRegression } from "./baselines/logistic-regression.ts";
import { nearestNeighbours } from "./baselines/nearest-neighbours.ts";
import { type FeatureTable, featureTable } from "./feature-table.ts";
import { type Fold, foldsOf } from "./folds.ts";

export const BASELINES: readonly Baseline[] = [logisticRegression, nearestNeighbours, boostedPairs];

export interface Answer {
  readonly baseline: Baseline;
  /** (rows, classes): the highest is likeliest. */
  readonly scores: Float64Array;
  /** (rows): the likeliest class. */
  readonly labels: Int32Array;
  /** Rows of which that is the label. */
  readonly right: number;
}

export interface Answers {
  readonly table: FeatureTable;
  readonly folds: readonly Fold[];
  /** In the order of `BASELINES`. */
  readonly all: readonly Answer[];
  /** The one that is right about the most rows, the first of equals. */
  readonly best: Answer;
}

const known = new WeakMap<Dataset, Answers>();

export function answersAbout(dataset: Dataset): Answers {
  const answers = known.get(dataset) ?? ask(featureTable(dataset));
  known.set(dataset, answers);
  return answers;
}

function ask(table: FeatureTable): Answers {
  const folds = foldsOf(table);
  const all = BASELINES.map((baseline): Answer => {
    const scores = foldScores(table, baseline, folds);
    const labels = predictions(scores, table.classes);
    const right = labels.filter((label, row) => label === table.labels[row]).length;
    return { baseline, scores, labels, right };
  });
  const best = all.reduce((a, b) => (b.right > a.right ? b : a));
  return { table, folds, all, best };
}
