// The classes of a column of labels, in the order scikit-learn works through them.

import { SplitError } from "./errors.ts";

/** One label per row, all numbers or all strings. */
export type Labels = ArrayLike<number> | ArrayLike<string>;

export interface Classes {
  /** The class of each row, from 0; classes are numbered by sorted label (`np.unique`). */
  classOfRow: Int32Array;
  /** The number of rows of each class. */
  counts: Int32Array;
}

/** Throws SplitError when labels are missing (NaN) or mix numbers and strings. */
export function classesOf(labels: Labels): Classes {
  const values: (number | string)[] = Array.from<number | string>(labels);
  checkLabels(values);
  const sorted = [...new Set(values)].sort(compareLabels);
  const classOfLabel = new Map(sorted.map((label, index) => [label, index]));
  const classOfRow = Int32Array.from(values, (label) => classOfLabel.get(label)!);
  return { classOfRow, counts: countClasses(classOfRow, sorted.length) };
}

/** The same classes, numbered by the row in which each appears first. */
export function inOrderOfAppearance({ classOfRow, counts }: Classes): Classes {
  const numberOfClass = new Map<number, number>();
  for (const label of classOfRow) {
    if (!numberOfClass.has(label)) numberOfClass.set(label, numberOfClass.size);
  }
  const renumbered = classOfRow.map((label) => numberOfClass.get(label)!);
  return { classOfRow: renumbered, counts: countClasses(renumbered, counts.length) };
}

/** The row numbers of each class, ascending. */
export function rowsOfClasses({ classOfRow, counts }: Classes): Int32Array[] {
  const rows = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  classOfRow.forEach((label, row) => {
    rows[label][filled[label]++] = row;
  });
  return rows;
}

function countClasses(classOfRow: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of classOfRow) counts[label]++;
  return counts;
}

function checkLabels(values: (number | string)[]): void {
  const kind = typeof values[0];
  values.forEach((value, row) => {
    if ((typeof value !== "number" && typeof value !== "string") || Number.isNaN(value)) {
      throw new SplitError(
        "SPLIT_LABELS",
        `the label of row ${row} is ${value}; drop the row or give it a label.`,
      );
    }
    if (typeof value !== kind) {
      throw new SplitError(
        "SPLIT_LABELS",
        `the label of row ${row} is a ${typeof value} but that of row 0 is a ${kind}; use one type for all labels.`,
      );
    }
  });
}

/** Numbers by value; strings by code point, as NumPy sorts them. */
function compareLabels(a: number | string, b: number | string): number {
  if (typeof a === "number" || typeof b === "number") return Number(a) - Number(b);
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  const different = left.findIndex((codePoint, i) => codePoint !== right[i]);
  if (different === -1) return left.length - right.length;
  return different < right.length ? left[different] - right[different] : 1;
}
