// Columns of plain text.

import { displayWidth, fit } from "../report/plain-text.ts";

export interface Column {
  readonly name: string;
  readonly align: "left" | "right";
}

/** The head and the lines, each column as wide as its widest text. The last one may stay empty. */
export function columnLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [columns.map(({ name }) => name), ...rows];
  const widths = columns.map((_, c) => Math.max(...all.map((row) => displayWidth(row[c] ?? ""))));
  return all.map((row) =>
    columns
      .map(({ align }, c) => {
        const cell = row[c] ?? "";
        return align === "left"
          ? fit(cell, widths[c])
          : " ".repeat(widths[c] - displayWidth(cell)) + cell;
      })
      .join("  ")
      .trimEnd(),
  );
}
