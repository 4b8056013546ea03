// Splits that keep the rows of a group together: scikit-learn's GroupShuffleSplit and GroupKFold.

import { classesOf, type Labels } from "./classes.ts";
import { SplitError } from "./errors.ts";
import { checkRows, type SplitIndices, splitsOfFolds } from "./split-indices.ts";
import { type TrainTestSplitOptions, trainTestSplit } from "./train-test-split.ts";

/**
 * The groups are split as `trainTestSplit` splits rows, so a share is one of the groups; the rows of
 * each part ascend. Throws SplitError.
 */
export function groupShuffleSplit(
  groups: Labels,
  { testSize, seed }: Pick<TrainTestSplitOptions, "testSize" | "seed">,
): SplitIndices {
  checkRows(groups.length);
  const { classOfRow: groupOfRow, counts } = classesOf(groups);
  const split = inGroups(() => trainTestSplit(counts.length, { testSize, seed }));
  const tested = new Set(split.test);
  const foldOfRow = groupOfRow.map((group) => (tested.has(group) ? 0 : 1));
  return splitsOfFolds(foldOfRow, 1)[0];
}

/**
 * Group by group, the largest first, each goes to the fold that has the fewest rows; of groups of
 * equal size the last in sorted order comes first, which is what NumPy's argsort, reversed, gives
 * for up to 16 groups. Throws SplitError.
 */
export function groupKFold(groups: Labels, folds: number): SplitIndices[] {
  checkRows(groups.length);
  const { classOfRow: groupOfRow, counts } = classesOf(groups);
  if (!Number.isInteger(folds) || folds < 2 || folds > counts.length) {
    throw new SplitError(
      "SPLIT_FOLDS",
      `folds is ${folds} for ${counts.length} groups; use an integer from 2 to the number of groups.`,
    );
  }
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || b - a);
  const rowsOfFold = new Float64Array(folds);
  const foldOfGroup = new Int32Array(counts.length);
  for (const group of order) {
    const lightest = rowsOfFold.indexOf(Math.min(...rowsOfFold));
    rowsOfFold[lightest] += counts[group];
    foldOfGroup[group] = lightest;
  }
  return splitsOfFolds(
    groupOfRow.map((group) => foldOfGroup[group]),
    folds,
  );
}

/** Of too few groups the message speaks of rows. */
function inGroups<T>(split: () => T): T {
  try {
    return split();
  } catch (error) {
    if (!(error instanceof SplitError)) throw error;
    throw new SplitError(error.code, error.message.replace(/\brow(s?)\b/g, "group$1"));
  }
}
