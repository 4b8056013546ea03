// Would more rows help? The best baseline, learned from a part of the rows and from all of them, asked
// about the same rows each time.

import type { Dataset } from "../dataset/dataset.ts";
import { type Interval, mean, wilsonInterval } from "../shared/statistics.ts";
import { answersAbout } from "./answers.ts";
import { foldPredictions } from "./baseline.ts";
import { shuffled } from "./folds.ts";
import { signTest } from "./sign-test.ts";

export interface DataLearningCurve {
  readonly baseline: string;
  readonly points: readonly CurvePoint[];
  /** Two-sided sign test: rows that all rows get right and half of them wrong, against the reverse. */
  readonly p: number;
  /** Whether the second half of the rows has helped, so that more are likely to. */
  readonly isRising: boolean;
}

export interface CurvePoint {
  /** Rows learned from, the mean over the folds. */
  readonly rows: number;
  readonly accuracy: number;
  readonly ci95: Interval;
}

const SHARES = [0.25, 0.5, 0.75, 1] as const;
const SEED = 3;
const SIGNIFICANT = 0.05;
/** Less than a row in fifty is not worth collecting twice as many. */
const MIN_GAIN = 0.02;

export function dataLearningCurve(dataset: Dataset): DataLearningCurve {
  const { table, folds, best } = answersAbout(dataset);
  const order = shuffled(table.rows, SEED);
  const rank = new Int32Array(table.rows);
  order.forEach((row, i) => {
    rank[row] = i;
  });
  const rightWith = (share: number) => {
    const parts = folds.map(({ from, about }) => {
      const inOrder = from.slice().sort((a, b) => rank[a] - rank[b]);
      return { about, from: inOrder.slice(0, Math.ceil(share * from.length)).sort() };
    });
    const found = share === 1 ? best.labels : foldPredictions(table, best.baseline, parts);
    return {
      rows: Math.round(mean(parts.map(({ from }) => from.length))),
      right: found.map((label, row) => (label === table.labels[row] ? 1 : 0)),
    };
  };
  const count = (right: Int32Array) => right.reduce((sum, one) => sum + one, 0);
  const parts = SHARES.map(rightWith);
  const half = parts[SHARES.indexOf(0.5)].right;
  const whole = parts[SHARES.indexOf(1)].right;
  const won = whole.filter((one, row) => one > half[row]).length;
  const lost = whole.filter((one, row) => one < half[row]).length;
  const p = signTest(won, lost);
  return {
    baseline: best.baseline.name,
    points: parts.map(({ rows, right }) => ({
      rows,
      accuracy: count(right) / table.rows,
      ci95: wilsonInterval(count(right), table.rows),
    })),
    p,
    isRising: p < SIGNIFICANT && (won - lost) / table.rows >= MIN_GAIN,
  };
}
