// Is a simple method right about the test part far more often than about training rows that it was
// not shown? Both are new to it, so the training part's labels must be worse, or its rows harder.

import type { Dataset } from "../dataset/dataset.ts";
import { answersAbout } from "./answers.ts";
import { type Baseline, predictions } from "./baseline.ts";
import { type FeatureTable, featureTable } from "./feature-table.ts";
import { type Fold, foldsOf } from "./folds.ts";

export interface TestPartEasier {
  /** The one of the simple methods that is right about the most training rows. */
  readonly method: string;
  /** Share of the training rows that it is right about, each from the other folds. */
  readonly training: number;
  /** Of the test rows, from the same folds. */
  readonly test: number;
  readonly testRows: number;
  readonly isEasier: boolean;
}

/** What is worth asking why. */
const MIN_DIFFERENCE = 0.1;
/** Standard errors of the difference. */
const SURE_ERRORS = 3;

/**
 * Both parts are asked about by the same five teachings, each from four fifths of the training rows.
 * Undefined where there are no rows to ask about.
 */
export function testPartEasier(dataset: Dataset): TestPartEasier | undefined {
  const { train, test } = dataset;
  if (train.rows < 2 || test.rows === 0) return undefined;
  const table = featureTable(withTestRows(dataset));
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  const known = all.filter((row) => table.rowOf[row] < train.rows);
  const fresh = all.filter((row) => table.rowOf[row] >= train.rows);
  const { group } = train;
  const folds = foldsOf({
    rows: known.length,
    labels: known.map((row) => table.labels[row]),
    ...(group ? { group: known.map((row) => group[table.rowOf[row]]) } : {}),
  }).map(({ from, about }) => ({
    from: from.map((place) => known[place]),
    about: about.map((place) => known[place]),
  }));
  if (folds.length === 0 || fresh.length === 0) return undefined;
  const { baseline } = answersAbout(dataset).best;
  const shares = sharesOf(table, baseline, folds, fresh);
  const error = Math.sqrt(
    variance(shares.training, known.length) + variance(shares.test, fresh.length),
  );
  return {
    method: baseline.name,
    ...shares,
    testRows: fresh.length,
    isEasier: shares.test - shares.training > Math.max(MIN_DIFFERENCE, SURE_ERRORS * error),
  };
}

/** What a method is right about: of the training rows each once, of the fresh ones each in every fold. */
function sharesOf(
  table: FeatureTable,
  baseline: Baseline,
  folds: readonly Fold[],
  fresh: Int32Array,
): { training: number; test: number } {
  let [training, test, rows] = [0, 0, 0];
  for (const { from, about } of folds) {
    const both = Int32Array.from([...about, ...fresh]);
    const scores = baseline.prepare(table, { from, about: both })(table.labels);
    const isRight = predictions(scores, table.classes).map((label, place) =>
      label === table.labels[both[place]] ? 1 : 0,
    );
    const right = (some: Int32Array) => some.reduce((sum, value) => sum + value, 0);
    training += right(isRight.subarray(0, about.length));
    test += right(isRight.subarray(about.length));
    rows += about.length;
  }
  return { training: training / rows, test: test / (folds.length * fresh.length) };
}

/** Of a share; one row each way is added, so that all of few rows right does not make it sure. */
function variance(share: number, rows: number): number {
  const smoothed = (share * rows + 1) / (rows + 2);
  return (smoothed * (1 - smoothed)) / rows;
}

/** The test rows behind the training rows. */
function withTestRows(dataset: Dataset): Dataset {
  const { train, test } = dataset;
  const x = new Float32Array(train.x.length + test.x.length);
  x.set(train.x);
  x.set(test.x, train.x.length);
  const y = new Float32Array(train.rows + test.rows);
  y.set(train.y);
  y.set(test.y, train.rows);
  return { ...dataset, train: { rows: y.length, x, y } };
}
