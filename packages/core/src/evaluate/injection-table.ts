// A real table as fault injection takes it.

import type { Table } from "../dataset/table.ts";
import type { InjectionTable } from "./inject.ts";

/** Classes are numbered in sorted order. */
export function injectionTable(name: string, { columns, x, labels }: Table): InjectionTable {
  const classes = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  const width = columns.length;
  return {
    name,
    columns,
    rows: labels.map((_, i) =>
      Array.from(x.subarray(i * width, (i + 1) * width), (cell) =>
        Number.isNaN(cell) ? null : cell,
      ),
    ),
    labels: labels.map((label) => classes.indexOf(label)),
  };
}
