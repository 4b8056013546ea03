// Folds of equal shares of every class, or of whole groups, the same at every call: each row is asked
// about once, by what was learned from the rows of the other folds.

import { permutationKeys, permutedIndex } from "../shared/random.ts";
import type { FeatureTable } from "./feature-table.ts";

export interface Fold {
  /** Rows that are learned from, and rows that are asked about. */
  readonly from: Int32Array;
  readonly about: Int32Array;
}

const FOLDS = 5;
const SEED = 0;

/** Fewer where a table has fewer rows, or fewer groups; none below two. */
export function foldsOf(table: Pick<FeatureTable, "rows" | "labels" | "group">): Fold[] {
  const { rows, group } = table;
  const count = Math.min(FOLDS, group === undefined ? rows : new Set(group).size);
  if (count < 2) return [];
  const foldOf = group === undefined ? dealtByClass(table, count) : dealtByGroup(group, count);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return Array.from({ length: count }, (_, fold) => ({
    from: all.filter((row) => foldOf[row] !== fold),
    about: all.filter((row) => foldOf[row] === fold),
  }));
}

/** Class by class in a random order, so that each fold gets its share of each. */
function dealtByClass(
  { rows, labels }: Pick<FeatureTable, "rows" | "labels">,
  count: number,
): Int32Array {
  const foldOf = new Int32Array(rows);
  const order = shuffled(rows, SEED).sort((a, b) => labels[a] - labels[b]);
  order.forEach((row, i) => {
    foldOf[row] = i % count;
  });
  return foldOf;
}

/** The largest group first, each to the fold that has the fewest rows, as scikit-learn deals them. */
function dealtByGroup(group: Int32Array, count: number): Int32Array {
  const sizes = new Map<number, number>();
  for (const name of group) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const filled = new Array<number>(count).fill(0);
  const foldOfGroup = new Map<number, number>();
  for (const [name, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] += size;
    foldOfGroup.set(name, fold);
  }
  return group.map((name) => foldOfGroup.get(name)!);
}

/** The first of 0 .. count - 1 in a random order that is a function of the two numbers. */
export function shuffled(count: number, seed: number, round = 0, first = count): Int32Array {
  const keys = permutationKeys(seed, round, count);
  return Int32Array.from({ length: first }, (_, i) => permutedIndex(keys, i, count));
}
