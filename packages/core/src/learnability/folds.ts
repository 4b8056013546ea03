// Folds of equal shares of every class, the same at every call: each row is asked about once, by what
// was learned from the rows of the other folds.

import { permutationKeys, permutedIndex } from "../shared/random.ts";
import type { FeatureTable } from "./feature-table.ts";

export interface Fold {
  /** Rows that are learned from, and rows that are asked about. */
  readonly from: Int32Array;
  readonly about: Int32Array;
}

const FOLDS = 5;
const SEED = 0;

/** Fewer where a table has fewer rows; none below two. */
export function foldsOf({ rows, labels }: Pick<FeatureTable, "rows" | "labels">): Fold[] {
  const count = Math.min(FOLDS, rows);
  if (count < 2) return [];
  // Dealt out class by class in a random order, so that each fold gets its share of each.
  const order = shuffled(rows, SEED).sort((a, b) => labels[a] - labels[b]);
  const foldOf = new Int32Array(rows);
  order.forEach((row, i) => {
    foldOf[row] = i % count;
  });
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return Array.from({ length: count }, (_, fold) => ({
    from: all.filter((row) => foldOf[row] !== fold),
    about: all.filter((row) => foldOf[row] === fold),
  }));
}

/** 0 .. count - 1 in a random order that is a function of the two numbers. */
export function shuffled(count: number, seed: number, round = 0): Int32Array {
  const keys = permutationKeys(seed, round, count);
  return Int32Array.from({ length: count }, (_, i) => permutedIndex(keys, i, count));
}
