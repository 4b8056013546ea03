// Whether a column by itself tells anything of the label: by where its values lie, by how far out
// they lie, or by which rows are next to each other.

import type { Dataset } from "../../dataset/dataset.ts";
import type { PredictorFacts } from "./predictors.ts";
import type { SortedColumn } from "./sorted-columns.ts";

export interface InformedLabels {
  readonly column: string;
  /** The largest of the three tests, each as a standard normal deviate under no relation. */
  readonly z: number;
}

export function informedLabels(
  sorted: readonly SortedColumn[],
  predictors: readonly PredictorFacts[],
  { classes }: Pick<Dataset, "classes">,
): InformedLabels[] {
  return predictors.map(({ column, accuracy, rows }, j) => {
    const { values, labels } = sorted[j];
    const ranks = midRanks(values);
    const middle = (values.length + 1) / 2;
    const spread = ranks.map((rank) => Math.abs(rank - middle));
    const tests = [
      scoreTest(ranks, labels, classes.length),
      scoreTest(spread, labels, classes.length),
      agreementTest(accuracy, rows, labels, classes.length),
    ];
    return { column, z: Math.max(...tests) };
  });
}

/** Ranks from 1; equal values share the middle of theirs. */
function midRanks(values: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < values.length; ) {
    let end = first + 1;
    while (end < values.length && values[end] === values[first]) end++;
    ranks.fill((first + end + 1) / 2, first, end);
    first = end;
  }
  return ranks;
}

/**
 * Kruskal and Wallis (1952) on any scores: the classes' means against each other, chi-squared with a
 * degree of freedom less than there are classes, made normal as Wilson and Hilferty (1931) do.
 */
function scoreTest(scores: Float64Array, labels: Float64Array, classes: number): number {
  const n = scores.length;
  const counts = new Float64Array(classes);
  const sums = new Float64Array(classes);
  let total = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    counts[labels[i]]++;
    sums[labels[i]] += scores[i];
    total += scores[i];
    squares += scores[i] * scores[i];
  }
  const variance = squares - (total * total) / n;
  const degrees = counts.filter((count) => count > 0).length - 1;
  if (!(variance > 0) || degrees < 1) return 0;
  let between = -(total * total) / n;
  for (let k = 0; k < classes; k++) if (counts[k] > 0) between += (sums[k] * sums[k]) / counts[k];
  const h = Math.max(0, ((n - 1) * between) / variance);
  const unit = 2 / (9 * degrees);
  return (Math.cbrt(h / degrees) - (1 - unit)) / Math.sqrt(unit);
}

/**
 * How often the nearest row has the same label, against what two rows drawn at random have. Pairs of
 * rows that are each other's nearest count once, hence half of the rows.
 */
function agreementTest(
  accuracy: number,
  rows: number,
  labels: Float64Array,
  classes: number,
): number {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const expected = Math.max(
    counts.reduce((sum, count) => sum + (count / rows) ** 2, 0),
    Math.max(...counts) / rows,
  );
  const variance = (expected * (1 - expected)) / (rows / 2);
  return variance > 0 ? (accuracy - expected) / Math.sqrt(variance) : 0;
}
