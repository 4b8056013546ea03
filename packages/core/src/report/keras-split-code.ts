// Splits beside train_test_split, as the one of their row numbers that the spec's data as written
// has: of a cross-validation its first fold.

import type { DataSpec } from "../spec/spec.ts";
import { Code, call, python } from "./python-text.ts";

type Split = NonNullable<DataSpec["split"]>;

export function hasGroups(source: DataSpec["source"]): boolean {
  return "groups" in source && source.groups !== undefined;
}

export function splitterName(split: Split, source: DataSpec["source"]): string {
  const grouped = hasGroups(source);
  if (split.folds === undefined) return grouped ? "GroupShuffleSplit" : "train_test_split";
  if (grouped) return "GroupKFold";
  return split.stratify ? "StratifiedKFold" : "KFold";
}

/** Undefined where train_test_split does it. */
export function splitterCode(split: Split, source: DataSpec["source"]): string | undefined {
  const name = splitterName(split, source);
  if (name === "train_test_split") return undefined;
  const { folds, testSize, randomState, shuffle = true } = split;
  const grouped = hasGroups(source);
  const shuffled = shuffle ? { shuffle, random_state: randomState } : {};
  const splitter =
    folds === undefined
      ? call(name, [], { n_splits: 1, test_size: testSize, random_state: randomState })
      : call(name, [folds], grouped ? {} : shuffled);
  const parts = call("split", [new Code("x"), new Code("y")], {
    groups: grouped ? new Code("groups") : undefined,
  });
  return `next(${python(splitter)}.${python(parts)})`;
}
