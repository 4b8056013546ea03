// Is there anything to learn? Labels are permuted over the rows, the baselines asked again, and the
// best of them compared: how often does the best of a table without any signal do as well?

import { argMax } from "./arg-max.ts";
import { type Baseline, type Fit, outOfFold } from "./baseline.ts";
import { fewBoostedPairs } from "./baselines/boosted-pairs.ts";
import { leastSquares } from "./baselines/logistic-regression.ts";
import { nearestNeighbours } from "./baselines/nearest-neighbours.ts";
import type { FeatureTable } from "./feature-table.ts";
import { type Fold, foldsOf, shuffled } from "./folds.ts";

/** The smallest p of a look is then 1 / 200. */
const PERMUTATIONS = 199;
/** So many that do as well settle it: p is known to a third of itself. */
const ENOUGH = 10;
const SEED = 2;

/** One look at the table: the best of some baselines on at most so many rows. */
interface Look {
  readonly baselines: readonly Baseline[];
  readonly rows: number;
}

const QUICK = [leastSquares, nearestNeighbours];

/** The cheapest first; a strong signal shows in few rows, and most tables have one. */
const LOOKS: readonly Look[] = [
  { baselines: QUICK, rows: 200 },
  { baselines: QUICK, rows: Number.POSITIVE_INFINITY },
  { baselines: [fewBoostedPairs], rows: 500 },
];

/**
 * The p of the first look that no permutation does as well as, else of the best one, times the
 * number of looks (Bonferroni). Labels are permuted within folds, by whole groups where a label is
 * the group's, so that each look's (1 + as good) / (1 + permutations) is exact (Ojala and Garriga,
 * JMLR 11, 2010, test 1), and also where it ends early (Besag and Clifford, Biometrika 78, 1991).
 * Undefined for a table of fewer than two rows per fold or of one class.
 */
export function permutationP(table: FeatureTable): number | undefined {
  let least = 1;
  for (const { baselines, rows } of LOOKS) {
    const p = pOf(someRows(table, rows), baselines);
    if (p === undefined) return undefined;
    least = Math.min(least, p);
    if (p <= 1 / (1 + PERMUTATIONS)) break;
  }
  return Math.min(1, Number((LOOKS.length * least).toPrecision(3)));
}

function pOf(table: FeatureTable, baselines: readonly Baseline[]): number | undefined {
  const folds = foldsOf(table);
  if (table.rows < 2 * folds.length || new Set(table.labels).size < 2) return undefined;
  const fits = baselines.map((baseline) => folds.map((fold) => baseline.prepare(table, fold)));
  const best = (labels: Int32Array) =>
    Math.max(...fits.map((each) => skill(table, folds, each, labels)));
  const observed = best(table.labels);
  const blocks = folds.map(({ about }) => exchangeable(table, about));
  let asGood = 0;
  for (let round = 0; round < PERMUTATIONS; round++) {
    // Sums of the same shares in another order differ in the last digits.
    if (best(permuted(table.labels, blocks, round)) >= observed - 1e-9) asGood++;
    if (asGood === ENOUGH) return asGood / (round + 1);
  }
  return (1 + asGood) / (1 + PERMUTATIONS);
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

/** Labels of a fold change places by blocks of rows of one label: one row each, but for groups. */
function permuted(labels: Int32Array, folds: readonly (readonly number[][])[], round: number) {
  const other = labels.slice();
  folds.forEach((blocks, fold) => {
    const order = shuffled(blocks.length, SEED + fold, round);
    blocks.forEach((block, i) => {
      const [from] = blocks[order[i]];
      for (const row of block) other[row] = labels[from];
    });
  });
  return other;
}

/**
 * What may change places with no signal: rows; whole groups where a label belongs to the group, since
 * rows of one group then tell no more than one row would.
 */
function exchangeable({ labels, group }: FeatureTable, about: Int32Array): number[][] {
  const rows = Array.from(about, (row) => [row]);
  if (group === undefined) return rows;
  const blocks = new Map<number, number[]>();
  for (const row of about) {
    const block = blocks.get(group[row]);
    if (block === undefined) blocks.set(group[row], [row]);
    else block.push(row);
  }
  const groups = [...blocks.values()];
  const isOfGroup = groups.every((block) => block.every((row) => labels[row] === labels[block[0]]));
  return isOfGroup ? groups : rows;
}

/** A random part of the rows. */
function someRows(table: FeatureTable, most: number): FeatureTable {
  if (table.rows <= most) return table;
  const { columns } = table;
  const kept = shuffled(table.rows, SEED).subarray(0, most).slice().sort();
  const x = new Float32Array(most * columns);
  kept.forEach((row, i) => {
    x.set(table.x.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const pick = (values: Int32Array) => Int32Array.from(kept, (row) => values[row]);
  const { labels, rowOf, group } = table;
  return {
    ...table,
    rows: most,
    x,
    labels: pick(labels),
    rowOf: pick(rowOf),
    ...(group ? { group: pick(group) } : {}),
  };
}
