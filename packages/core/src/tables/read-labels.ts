// The target's column -> a label for each row that has one, or why it is no target.

import type { RawColumn, RawTable } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";
import { numberOf } from "./number-cell.ts";
import { categories } from "./read-column.ts";

export interface ReadLabels {
  /** The rows that have a label. */
  readonly rows: Int32Array;
  /** Of these rows. Numbers where every label is one, so that 1 and 1.0 are one class. */
  readonly labels: readonly (string | number)[];
  readonly classes: readonly { readonly name: string; readonly rows: number }[];
}

/** A target with more values than this that has fractions is an amount, not a class. */
const MOST_FRACTIONS = 20;

/** @throws TableError (TABLE_VALUE) */
export function readLabels(table: RawTable, column: RawColumn): ReadLabels {
  const refuse = (says: string) =>
    new TableError("TABLE_VALUE", `${table.name}: the target "${column.name}" ${says}.`);
  if (column.kind === "number" && column.odd !== undefined) {
    const { row, text } = column.odd;
    throw refuse(`holds ${JSON.stringify(text)} at ${table.placeOf(row)}, which is no class`);
  }
  if (column.kind === "text" && column.overflow) {
    throw refuse(`has over ${column.levels.length} different values; name another column`);
  }
  const { levels, codes } = categories(column);
  let present = 0;
  for (const code of codes) if (code !== -1) present++;
  if (present === 0) throw refuse(`is missing in all ${table.rows} rows`);
  const rows = new Int32Array(present);
  let next = 0;
  codes.forEach((code, row) => {
    if (code !== -1) rows[next++] = row;
  });
  const names = namesOf(levels);
  const counts = new Map<string | number, number>();
  const labels = Array.from(rows, (row) => {
    const label = names[codes[row]];
    counts.set(label, (counts.get(label) ?? 0) + 1);
    return label;
  });
  const classes = [...counts.keys()];
  if (classes.length < 2) {
    throw refuse(
      `is ${JSON.stringify(String(classes[0]))} in all ${present} rows; with one class there is nothing to tell apart`,
    );
  }
  const isAmount = classes.some((value) => typeof value === "number" && !Number.isInteger(value));
  if (isAmount && classes.length > MOST_FRACTIONS) {
    throw refuse(
      `has ${classes.length} different numbers with fractions: that is an amount and not a class; cut it into classes first`,
    );
  }
  if (classes.length > present / 2) {
    throw refuse(
      `has ${classes.length} different values in ${present} rows: hardly two rows share a class; name another column`,
    );
  }
  return {
    rows,
    labels,
    classes: [...counts]
      .map(([name, count]) => ({ name: String(name), rows: count }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function namesOf(levels: readonly string[]): readonly (string | number)[] {
  const numbers = levels.map((level) => numberOf(level));
  return numbers.every((value) => value !== undefined) ? numbers : levels;
}
