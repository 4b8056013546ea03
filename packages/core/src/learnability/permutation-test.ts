// Is there anything to learn? Labels are permuted over the rows, the baselines asked again, and the
// best of them compared: how often does the best of a table without any signal do as well?

import { argMax } from "./arg-max.ts";
import { type Baseline, type Fit, outOfFold } from "./baseline.ts";
import { fewBoostedPairs } from "./baselines/boosted-pairs.ts";
import { leastSquares } from "./baselines/logistic-regression.ts";
import { nearestNeighbours } from "./baselines/nearest-neighbours.ts";
import type { FeatureTable } from "./feature-table.ts";
import { type Fold, foldsOf, shuffled } from "./folds.ts";

/** The smallest p is then 1 / 200. */
const PERMUTATIONS = 199;
/** A boosted table of 500 rows is 3 ms. */
const SLOW_PERMUTATIONS = 99;
const SLOW_ROWS = 500;
const SEED = 2;
/** Below it the quick methods have said enough. */
const CERTAIN = 0.01;

/**
 * (1 + permutations that do as well) / (1 + permutations), of the best of two quick methods, and
 * where these find nothing of boosted pairs too; the lesser p then counts twice (Bonferroni). Labels
 * are permuted within folds, so that the test is exact (Ojala and Garriga, JMLR 11, 2010, test 1).
 * Undefined for a table of fewer than two rows per fold or of one class.
 */
export function permutationP(table: FeatureTable): number | undefined {
  const quick = pOf(table, [leastSquares, nearestNeighbours], PERMUTATIONS);
  if (quick === undefined || quick <= CERTAIN) return quick;
  const slow = pOf(firstRows(table, SLOW_ROWS), [fewBoostedPairs], SLOW_PERMUTATIONS)!;
  return Math.min(1, 2 * Math.min(quick, slow));
}

function pOf(
  table: FeatureTable,
  baselines: readonly Baseline[],
  permutations: number,
): number | undefined {
  const folds = foldsOf(table);
  if (table.rows < 2 * folds.length || new Set(table.labels).size < 2) return undefined;
  const fits = baselines.map((baseline) => folds.map((fold) => baseline.prepare(table, fold)));
  const best = (labels: Int32Array) =>
    Math.max(...fits.map((each) => skill(table, folds, each, labels)));
  const observed = best(table.labels);
  let asGood = 0;
  for (let round = 0; round < permutations; round++) {
    // Sums of the same shares in another order differ in the last digits.
    if (best(permuted(table.labels, folds, round)) >= observed - 1e-9) asGood++;
  }
  return (1 + asGood) / (1 + permutations);
}

/** The mean recall of the classes, where each class has the same chance to be answered. */
function skill(
  table: FeatureTable,
  folds: readonly Fold[],
  fits: readonly Fit[],
  labels: Int32Array,
): number {
  const { classes } = table;
  const scores = centered(outOfFold(table, folds, fits, labels), classes);
  const counts = new Float64Array(classes);
  const right = new Float64Array(classes);
  labels.forEach((label, row) => {
    counts[label]++;
    if (argMax(scores, row * classes, classes) === label) right[label]++;
  });
  const present = [...counts.keys()].filter((k) => counts[k] > 0);
  return present.reduce((sum, k) => sum + right[k] / counts[k], 0) / present.length;
}

/** Scores less their class's mean: a rare class is answered where it is likelier than usual. */
function centered(scores: Float64Array, classes: number): Float64Array {
  const means = new Float64Array(classes);
  scores.forEach((score, i) => {
    means[i % classes] += (score * classes) / scores.length;
  });
  return scores.map((score, i) => score - means[i % classes]);
}

function permuted(labels: Int32Array, folds: readonly Fold[], round: number): Int32Array {
  const other = labels.slice();
  folds.forEach(({ about }, fold) => {
    const order = shuffled(about.length, SEED + fold, round);
    about.forEach((row, i) => {
      other[row] = labels[about[order[i]]];
    });
  });
  return other;
}

/** A random part of the rows, class shares kept. */
function firstRows(table: FeatureTable, most: number): FeatureTable {
  if (table.rows <= most) return table;
  const { columns } = table;
  const kept = shuffled(table.rows, SEED).subarray(0, most).slice().sort();
  const x = new Float32Array(most * columns);
  kept.forEach((row, i) => {
    x.set(table.x.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const labels = Int32Array.from(kept, (row) => table.labels[row]);
  return { ...table, rows: most, x, labels, rowOf: table.rowOf.filter((_, i) => kept.includes(i)) };
}
