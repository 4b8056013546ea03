// scikit-learn's `KFold`, row for row.

import type { Seed } from "../numpy/random-state.ts";
import {
  checkFolds,
  checkRows,
  rowRange,
  type SplitIndices,
  shuffleGenerator,
  splitsOfFolds,
} from "./split-indices.ts";

export interface KFoldOptions {
  /** Number of parts, each tested once. Default 5. */
  folds?: number | undefined;
  /** Deal the rows to the folds in random order. Default false: neighbours share a fold. */
  shuffle?: boolean | undefined;
  /** scikit-learn's `random_state`. Needed when `shuffle` is true. */
  seed?: Seed | undefined;
}

/**
 * One split per fold. The first `rows % folds` folds have one row more; row numbers ascend within
 * each part, shuffled or not. Throws SplitError.
 */
export function kFold(rows: number, options: KFoldOptions = {}): SplitIndices[] {
  const { folds = 5, shuffle = false, seed } = options;
  checkRows(rows);
  checkFolds(folds, rows);
  const order = shuffle ? shuffleGenerator(seed).permutation(rows) : rowRange(0, rows);
  const foldOfRow = new Int32Array(rows);
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const end = start + Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0);
    for (const row of order.subarray(start, end)) foldOfRow[row] = fold;
    start = end;
  }
  return splitsOfFolds(foldOfRow, folds);
}
