// scikit-learn's `train_test_split`, row for row, as row numbers.
//
// Rules of sklearn/model_selection/_split.py: ShuffleSplit, and StratifiedShuffleSplit when
// `stratify` is given. Checked against scikit-learn 1.2.1 and 1.9.1 (test-fixtures/reference).

import type { RandomState, Seed } from "../numpy/random-state.ts";
import { classesOf, type Labels, rowsOfClasses } from "./classes.ts";
import { SplitError } from "./errors.ts";
import { checkRows, rowRange, type SplitIndices, shuffleGenerator } from "./split-indices.ts";

export interface TrainTestSplitOptions {
  /** A share of the rows between 0 and 1, rounded up, or a number of rows. Default 0.25. */
  testSize?: number | undefined;
  /** A share of the rows between 0 and 1, rounded down, or a number of rows. Default: the rest. */
  trainSize?: number | undefined;
  /** scikit-learn's `random_state`. Needed unless `shuffle` is false. */
  seed?: Seed | undefined;
  /** Take the rows in random order. Default true. */
  shuffle?: boolean | undefined;
  /** One label per row; both parts then hold the classes in the proportion of the whole. */
  stratify?: Labels | undefined;
}

/** The row numbers of both parts, in scikit-learn's order. Throws SplitError. */
export function trainTestSplit(rows: number, options: TrainTestSplitOptions = {}): SplitIndices {
  const { seed, shuffle = true, stratify } = options;
  const sizes = splitSizes(rows, options);
  if (!shuffle) {
    if (stratify !== undefined) {
      throw new SplitError(
        "SPLIT_LABELS",
        "a stratified split is always shuffled; leave out stratify, or set shuffle to true.",
      );
    }
    return {
      train: rowRange(0, sizes.train),
      test: rowRange(sizes.train, sizes.train + sizes.test),
    };
  }
  const random = shuffleGenerator(seed);
  return stratify === undefined
    ? shuffleSplit(rows, sizes, random)
    : stratifiedShuffleSplit(rows, sizes, stratify, random);
}

interface SplitSizes {
  train: number;
  test: number;
}

function shuffleSplit(rows: number, sizes: SplitSizes, random: RandomState): SplitIndices {
  const order = random.permutation(rows);
  return {
    train: order.slice(sizes.test, sizes.test + sizes.train),
    test: order.slice(0, sizes.test),
  };
}

function stratifiedShuffleSplit(
  rows: number,
  sizes: SplitSizes,
  labels: Labels,
  random: RandomState,
): SplitIndices {
  if (labels.length !== rows) {
    throw new SplitError(
      "SPLIT_LABELS",
      `stratify has ${labels.length} labels for ${rows} rows; give one label per row.`,
    );
  }
  const classes = classesOf(labels);
  checkClassCounts(classes.counts, sizes);

  const trainCounts = approximateMode(classes.counts, sizes.train, random);
  const remaining = classes.counts.map((count, i) => count - trainCounts[i]);
  const testCounts = approximateMode(remaining, sizes.test, random);

  const train: number[] = [];
  const test: number[] = [];
  rowsOfClasses(classes).forEach((rowsOfClass, i) => {
    const order = random.permutation(rowsOfClass.length);
    const testEnd = trainCounts[i] + testCounts[i];
    for (let k = 0; k < trainCounts[i]; k++) train.push(rowsOfClass[order[k]]);
    for (let k = trainCounts[i]; k < testEnd; k++) test.push(rowsOfClass[order[k]]);
  });
  return {
    train: random.permutation(Int32Array.from(train)),
    test: random.permutation(Int32Array.from(test)),
  };
}

/**
 * How many of `draws` rows fall to each class: its share rounded down, then one more for the
 * largest remainders until the sum is right; equal remainders are chosen among at random
 * (`sklearn.utils._approximate_mode`).
 */
function approximateMode(counts: Int32Array, draws: number, random: RandomState): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = Float64Array.from(counts, (count) => (count / total) * draws);
  const drawn = Int32Array.from(exact, Math.floor);
  const remainders = exact.map((value, i) => value - drawn[i]);
  let missing = draws - drawn.reduce((sum, count) => sum + count, 0);
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = [...remainders.keys()].filter((i) => remainders[i] === remainder);
    const added = Math.min(tied.length, missing);
    for (const k of random.choiceWithoutReplacement(tied.length, added)) drawn[tied[k]]++;
    missing -= added;
  }
  return drawn;
}

/** The number of rows of both parts (`_validate_shuffle_split`). */
function splitSizes(rows: number, options: TrainTestSplitOptions): SplitSizes {
  checkRows(rows);
  const { trainSize } = options;
  const testSize = options.testSize ?? (trainSize === undefined ? 0.25 : undefined);
  checkSize("testSize", testSize, rows);
  checkSize("trainSize", trainSize, rows);

  const testRows = testSize === undefined ? undefined : rowsOf(testSize, rows, Math.ceil);
  const trainRows = trainSize === undefined ? undefined : rowsOf(trainSize, rows, Math.floor);
  const train = trainRows ?? rows - testRows!;
  const test = testRows ?? rows - trainRows!;
  if (train + test > rows) {
    throw new SplitError(
      "SPLIT_SIZE",
      `testSize ${testSize} and trainSize ${trainSize} ask for ${test} and ${train} of ${rows} rows; make one of them smaller.`,
    );
  }
  if (train === 0) {
    throw new SplitError(
      "SPLIT_SIZE",
      `testSize ${testSize} leaves none of ${rows} rows to train on; make testSize smaller or add rows.`,
    );
  }
  return { train, test };
}

function checkSize(name: string, size: number | undefined, rows: number): void {
  if (size === undefined) return;
  const isShare = size > 0 && size < 1;
  const isCount = Number.isInteger(size) && size >= 1 && size < rows;
  if (!isShare && !isCount) {
    throw new SplitError(
      "SPLIT_SIZE",
      `${name} is ${size} for ${rows} rows; use a share between 0 and 1 or a number of rows from 1 to ${rows - 1}.`,
    );
  }
}

function rowsOf(size: number, rows: number, round: (value: number) => number): number {
  return size < 1 ? round(size * rows) : size;
}

function checkClassCounts(counts: Int32Array, sizes: SplitSizes): void {
  const smallest = Math.min(...counts);
  if (smallest < 2) {
    throw new SplitError(
      "SPLIT_CLASS_TOO_SMALL",
      `the smallest class has ${smallest} row and stratify needs 2; add rows of it or leave out stratify.`,
    );
  }
  const part = sizes.train < sizes.test ? "train" : "test";
  if (sizes[part] < counts.length) {
    throw new SplitError(
      "SPLIT_CLASS_TOO_SMALL",
      `the ${part} part has ${sizes[part]} rows for ${counts.length} classes; give it at least one row per class or leave out stratify.`,
    );
  }
}
