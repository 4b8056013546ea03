// Boosted pairs: gradient boosting whose every step is a table over two columns, each cut into a few
// equal shares. Two columns at once see what one alone does not tell, as in exclusive or, and the
// choice of the best pair sees it between columns of noise. The scale of a column does not matter.

import type { Baseline } from "../baseline.ts";
import type { FeatureTable } from "../feature-table.ts";
import { shuffled } from "../folds.ts";

interface Size {
  readonly steps: number;
  /** Pairs that a step chooses from. */
  readonly pairs: number;
}

/** As many as bring two of 30 columns, 435 pairs, to the choice five times. */
export const boostedPairs = boosted({ steps: 40, pairs: 64 });
/** For permutation tests, which ask a hundred times. */
export const fewBoostedPairs = boosted({ steps: 10, pairs: 48 });

/** Share of a step that is taken; what is left is for the next ones to correct. */
const SHRINKAGE = 0.3;
/** Rows without a say in every cell, so that a cell of two rows counts little. */
const PRIOR = 4;
/** Rows per cell on average, about which the number of cuts is chosen. */
const ROWS_PER_CELL = 5;
const COSTLY_CLASSES = 4;
const SEED = 1;

function boosted({ steps, pairs }: Size): Baseline {
  return {
    name: "boosted pairs of columns",
    prepare(table, { from, about }) {
      const { classes, columns } = table;
      const shares = sharesFor(from.length);
      const cells = shares * shares;
      const [known, asked] = binned(table, from, about, shares);
      // A cell holds a number per class, so that many classes cost as much as a few.
      const most = Math.ceil(pairs * Math.min(1, COSTLY_CLASSES / classes));
      const choices = Array.from({ length: steps }, (_, step) => pairsOf(columns, most, step));
      return (labels) => {
        const scores = new Float64Array(from.length * classes);
        const answers = new Float64Array(about.length * classes);
        const gradients = new Float64Array(from.length * classes);
        for (let step = 0; step < steps; step++) {
          const curvature = setGradients(scores, labels, from, classes, gradients);
          let best: { gain: number; pair: Pair; sums: Float64Array } | undefined;
          for (const pair of choices[step]) {
            const sums = cellSums(known, pair, from.length, shares, classes, gradients);
            const gain = gainOf(sums, cells, classes);
            if (best === undefined || gain > best.gain) best = { gain, pair, sums };
          }
          if (best === undefined) break;
          const leaves = leavesOf(best.sums, cells, classes, curvature);
          add(leaves, known, best.pair, from.length, shares, classes, scores);
          add(leaves, asked, best.pair, about.length, shares, classes, answers);
        }
        return answers;
      };
    },
  };
}

type Pair = readonly [number, number];

/** Even numbers, so that the middle of a column is a cut: that is where exclusive or turns. */
function sharesFor(rows: number): number {
  return [8, 4].find((shares) => rows >= ROWS_PER_CELL * shares ** 2) ?? 2;
}

/** For each column, the shares into which rows fall; cuts are quantiles of the rows learned from. */
function binned(
  { x, columns }: FeatureTable,
  from: Int32Array,
  about: Int32Array,
  shares: number,
): [Uint8Array, Uint8Array] {
  const known = new Uint8Array(columns * from.length);
  const asked = new Uint8Array(columns * about.length);
  for (let j = 0; j < columns; j++) {
    const sorted = Float32Array.from(from, (row) => x[row * columns + j]).sort();
    const cuts = Array.from(
      { length: shares - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / shares)],
    );
    const shareOf = (row: number) => {
      const value = x[row * columns + j];
      let share = 0;
      while (share < cuts.length && value >= cuts[share]) share++;
      return share;
    };
    from.forEach((row, i) => {
      known[j * from.length + i] = shareOf(row);
    });
    about.forEach((row, i) => {
      asked[j * about.length + i] = shareOf(row);
    });
  }
  return [known, asked];
}

/** All pairs where they are few, else others in every step. */
function pairsOf(columns: number, most: number, step: number): Pair[] {
  const all = columns === 1 ? 1 : (columns * (columns - 1)) / 2;
  const places =
    all <= most ? Int32Array.from({ length: all }, (_, i) => i) : shuffled(all, SEED, step, most);
  return Array.from(places, (place) => pairAt(place));
}

/** 0: (1, 0); 1: (2, 0); 2: (2, 1); 3: (3, 0) and so on; a single column goes with itself. */
function pairAt(place: number): Pair {
  const first = Math.floor((1 + Math.sqrt(1 + 8 * place)) / 2);
  return [first, place - (first * (first - 1)) / 2];
}

/** Indicator minus probability, and for each class the mean curvature p (1 - p). */
function setGradients(
  scores: Float64Array,
  labels: Int32Array,
  from: Int32Array,
  classes: number,
  gradients: Float64Array,
): Float64Array {
  const curvature = new Float64Array(classes);
  for (let i = 0; i < from.length; i++) {
    const start = i * classes;
    let largest = scores[start];
    for (let k = 1; k < classes; k++) largest = Math.max(largest, scores[start + k]);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      gradients[start + k] = Math.exp(scores[start + k] - largest);
      sum += gradients[start + k];
    }
    for (let k = 0; k < classes; k++) {
      const p = gradients[start + k] / sum;
      curvature[k] += (p * (1 - p)) / from.length;
      gradients[start + k] = (labels[from[i]] === k ? 1 : 0) - p;
    }
  }
  return curvature;
}

/** Of each cell: the number of its rows, then the sum of their gradients class by class. */
function cellSums(
  bins: Uint8Array,
  [a, b]: Pair,
  rows: number,
  shares: number,
  classes: number,
  gradients: Float64Array,
): Float64Array {
  const width = classes + 1;
  const sums = new Float64Array(shares * shares * width);
  const first = Math.min(a, bins.length / rows - 1) * rows;
  for (let i = 0; i < rows; i++) {
    const cell = (bins[first + i] * shares + bins[b * rows + i]) * width;
    sums[cell]++;
    for (let k = 0; k < classes; k++) sums[cell + 1 + k] += gradients[i * classes + k];
  }
  return sums;
}

function gainOf(sums: Float64Array, cells: number, classes: number): number {
  let gain = 0;
  for (let cell = 0; cell < cells; cell++) {
    const start = cell * (classes + 1);
    let squares = 0;
    for (let k = 1; k <= classes; k++) squares += sums[start + k] ** 2;
    gain += squares / (sums[start] + PRIOR);
  }
  return gain;
}

/** A Newton step per cell and class, shrunk. */
function leavesOf(
  sums: Float64Array,
  cells: number,
  classes: number,
  curvature: Float64Array,
): Float64Array {
  const leaves = new Float64Array(cells * classes);
  for (let cell = 0; cell < cells; cell++) {
    const start = cell * (classes + 1);
    for (let k = 0; k < classes; k++) {
      // The curvature of a class that is settled everywhere is 0; its gradient is too.
      const scale = Math.max(curvature[k], 0.02);
      leaves[cell * classes + k] =
        (SHRINKAGE * sums[start + 1 + k]) / ((sums[start] + PRIOR) * scale);
    }
  }
  return leaves;
}

function add(
  leaves: Float64Array,
  bins: Uint8Array,
  [a, b]: Pair,
  rows: number,
  shares: number,
  classes: number,
  scores: Float64Array,
) {
  const first = Math.min(a, bins.length / rows - 1) * rows;
  for (let i = 0; i < rows; i++) {
    const cell = (bins[first + i] * shares + bins[b * rows + i]) * classes;
    for (let k = 0; k < classes; k++) scores[i * classes + k] += leaves[cell + k];
  }
}
