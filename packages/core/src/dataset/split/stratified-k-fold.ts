// scikit-learn's `StratifiedKFold` (the allocation of version 0.22 and later), row for row.

import { type Classes, classesOf, inOrderOfAppearance, type Labels } from "./classes.ts";
import { SplitError } from "./errors.ts";
import type { KFoldOptions } from "./k-fold.ts";
import {
  checkFolds,
  checkRows,
  type SplitIndices,
  shuffleGenerator,
  splitsOfFolds,
} from "./split-indices.ts";

/**
 * One split per fold, each fold with the classes in the proportion of the whole: row numbers
 * ascend within each part. Throws SplitError when every class has fewer rows than there are folds;
 * a single such class is missing from some folds.
 */
export function stratifiedKFold(labels: Labels, options: KFoldOptions = {}): SplitIndices[] {
  const { folds = 5, shuffle = false, seed } = options;
  checkRows(labels.length);
  checkFolds(folds, labels.length);
  const classes = inOrderOfAppearance(classesOf(labels));
  const largest = Math.max(...classes.counts);
  if (folds > largest) {
    throw new SplitError(
      "SPLIT_FOLDS",
      `folds is ${folds} but the largest class has ${largest} rows; use at most ${largest} folds.`,
    );
  }
  const random = shuffle ? shuffleGenerator(seed) : undefined;
  const foldsOfClasses = allocate(classes, folds);
  for (const foldsOfClass of foldsOfClasses) random?.shuffle(foldsOfClass);

  const used = new Int32Array(foldsOfClasses.length);
  const foldOfRow = classes.classOfRow.map((label) => foldsOfClasses[label][used[label]++]);
  return splitsOfFolds(foldOfRow, folds);
}

/**
 * The folds of the rows of each class, ascending. With the labels sorted by class, position i goes
 * to fold i % folds, so folds differ by at most one row in all and in each class.
 */
function allocate({ counts }: Classes, folds: number): Int32Array[] {
  let position = 0;
  return Array.from(counts, (count) => {
    const foldsOfClass = Int32Array.from({ length: count }, () => position++ % folds);
    return foldsOfClass.sort();
  });
}
