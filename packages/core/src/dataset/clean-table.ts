// What a spec says about the columns before anything is computed: which are left out, and which
// numbers stand for a missing value.

import { didYouMean } from "../shared/did-you-mean.ts";
import type { DataSpec } from "../spec/spec.ts";
import { badData } from "./bad-data.ts";
import type { Table } from "./table.ts";

/** @throws SpecError (SPEC_BAD_DATA) for a column that does not exist, or when none is left. */
export function cleanTable(table: Table, { drop = [], missingValues = [] }: DataSpec): Table {
  if (drop.length === 0 && missingValues.length === 0) return table;
  const unknown = drop.find((name) => !table.columns.includes(name));
  if (unknown !== undefined) {
    throw badData(
      ["drop"],
      `names "${unknown}", but there is no such column.${didYouMean(unknown, table.columns)}`,
    );
  }
  const kept = [...table.columns.keys()].filter((j) => !drop.includes(table.columns[j]));
  if (kept.length === 0) {
    throw badData(["drop"], "leaves no column; keep at least one.");
  }
  const width = table.columns.length;
  const missing = new Set(missingValues);
  const x = new Float64Array(table.rows * kept.length);
  for (let row = 0; row < table.rows; row++) {
    kept.forEach((column, j) => {
      const value = table.x[row * width + column];
      x[row * kept.length + j] = missing.has(value) ? Number.NaN : value;
    });
  }
  return { ...table, columns: kept.map((column) => table.columns[column]), x };
}
