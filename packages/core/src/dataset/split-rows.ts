// Which rows are trained on and which are kept back, as the spec's split says: hold-out or one fold
// of a cross-validation, in equal shares of the classes or with groups kept together.

import type { DataSpec } from "../spec/spec.ts";
import { badData } from "./bad-data.ts";
import { RandomState } from "./numpy/random-state.ts";
import { groupKFold, groupShuffleSplit } from "./split/group-splits.ts";
import { kFold } from "./split/k-fold.ts";
import { rowRange, type SplitIndices } from "./split/split-indices.ts";
import { stratifiedKFold } from "./split/stratified-k-fold.ts";
import { trainTestSplit } from "./split/train-test-split.ts";
import type { Table } from "./table.ts";

type SplitSpec = NonNullable<DataSpec["split"]>;

/** Folds of a cross-validation, over all its repeats; 0: there is none. */
export function foldCount({ split }: Pick<DataSpec, "split">): number {
  return split?.folds === undefined ? 0 : split.folds * (split.repeats ?? 1);
}

/**
 * @param dataSeed Added to the split's seed; of a cross-validation the fold, counted on through the
 *   repeats.
 */
export function splitRows(
  { split }: Pick<DataSpec, "split">,
  { rows, groups }: Pick<Table, "rows" | "groups">,
  y: Float32Array,
  dataSeed: number,
): SplitIndices {
  if (split === undefined) return { train: rowRange(0, rows), test: new Int32Array(0) };
  if (groups !== undefined) checkGrouped(split);
  const outer =
    split.folds === undefined
      ? holdOut(split, { rows, groups, y, dataSeed })
      : fold(split, split.folds, { rows, groups, y, dataSeed });
  return split.inner === undefined ? outer : innerSplit(outer.train, y, groups, split.inner);
}

interface RowsToSplit {
  readonly rows: number;
  readonly groups: Table["groups"];
  readonly y: Float32Array;
  readonly dataSeed: number;
}

function holdOut(
  { testSize, randomState, stratify, shuffle = true }: SplitSpec,
  { rows, groups, y, dataSeed }: RowsToSplit,
): SplitIndices {
  const seed = (randomState + dataSeed) >>> 0;
  if (groups !== undefined) return groupShuffleSplit(namesOf(groups), { testSize, seed });
  return trainTestSplit(rows, {
    testSize,
    shuffle,
    seed,
    ...(stratify ? { stratify: Int32Array.from(y) } : {}),
  });
}

/** Repeats draw on from one generator, as RepeatedKFold and RepeatedStratifiedKFold do. */
function fold(
  { randomState, stratify, shuffle = true }: SplitSpec,
  folds: number,
  { rows, groups, y, dataSeed }: RowsToSplit,
): SplitIndices {
  const position = dataSeed % folds;
  if (groups !== undefined) return groupKFold(namesOf(groups), folds)[position];
  const random = new RandomState(randomState);
  const options = { folds, shuffle, seed: random };
  let splits: SplitIndices[] = [];
  for (let repeat = 0; repeat <= Math.floor(dataSeed / folds); repeat++) {
    splits = stratify ? stratifiedKFold(Int32Array.from(y), options) : kFold(rows, options);
  }
  return splits[position];
}

/** The training part once more in two; by class where every class has rows for both. */
function innerSplit(
  outer: Int32Array,
  y: Float32Array,
  groups: Table["groups"],
  { testSize, randomState }: NonNullable<SplitSpec["inner"]>,
): SplitIndices {
  const ofOuter = ({ train, test }: SplitIndices) => ({
    train: train.map((i) => outer[i]),
    test: test.map((i) => outer[i]),
  });
  if (groups !== undefined) {
    const own = namesOf(Array.from(outer, (row) => groups[row]));
    return ofOuter(groupShuffleSplit(own, { testSize, seed: randomState }));
  }
  const labels = Int32Array.from(outer, (row) => y[row]);
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const held = Math.ceil(testSize * outer.length);
  const canStratify =
    Math.min(...counts.values()) >= 2 && Math.min(held, outer.length - held) >= counts.size;
  return ofOuter(
    trainTestSplit(outer.length, {
      testSize,
      seed: randomState,
      ...(canStratify ? { stratify: labels } : {}),
    }),
  );
}

/** Groups sort as NumPy sorts them: numbers where all are. */
function namesOf(groups: readonly (string | number)[]): number[] | string[] {
  const numbers = groups.filter((group) => typeof group === "number");
  return numbers.length === groups.length ? numbers : groups.map(String);
}

function checkGrouped({ stratify, shuffle, repeats = 1, folds }: SplitSpec): void {
  if (stratify) {
    throw badData(
      ["split", "stratify"],
      "asks for equal shares of the classes, and the source's groups are kept together; leave one out.",
    );
  }
  if (shuffle === false || (folds !== undefined && repeats > 1)) {
    const [key, says] = shuffle === false ? ["shuffle", "false"] : ["repeats", String(repeats)];
    throw badData(
      ["split", key],
      `is ${says}, and groups are dealt out by their size alone; leave it out.`,
    );
  }
}
