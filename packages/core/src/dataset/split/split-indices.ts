import { type RandomState, randomStateOf, type Seed } from "../numpy/random-state.ts";
import { SplitError } from "./errors.ts";

/** Row numbers, 0-based, of the rows to train on and of the rows kept back. */
export interface SplitIndices {
  train: Int32Array;
  test: Int32Array;
}

/** The row numbers from `start` to `end - 1`. */
export function rowRange(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}

/** The splits of k folds, from the fold in which each row is tested; row numbers ascend. */
export function splitsOfFolds(foldOfRow: Int32Array, folds: number): SplitIndices[] {
  const rows = rowRange(0, foldOfRow.length);
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows.filter((row) => foldOfRow[row] !== fold),
    test: rows.filter((row) => foldOfRow[row] === fold),
  }));
}

export function checkRows(rows: number): void {
  if (!Number.isInteger(rows) || rows < 1) {
    throw new SplitError("SPLIT_ROWS", `there are ${rows} rows to split; give at least 1.`);
  }
}

export function checkFolds(folds: number, rows: number): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > rows) {
    throw new SplitError(
      "SPLIT_FOLDS",
      `folds is ${folds} for ${rows} rows; use an integer from 2 to the number of rows.`,
    );
  }
}

/** The generator of a shuffled split. Core reads no clock, so a shuffle cannot do without a seed. */
export function shuffleGenerator(seed: Seed | undefined): RandomState {
  if (seed === undefined) {
    throw new SplitError(
      "SPLIT_SEED_MISSING",
      "the split is shuffled but has no seed; set seed, or set shuffle to false.",
    );
  }
  return randomStateOf(seed);
}
