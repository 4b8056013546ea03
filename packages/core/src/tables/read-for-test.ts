// Reading bytes in tests: in pieces of any size, all columns, nothing said about them.

import type { RawTable, ReadPlan } from "./columns/raw-table.ts";
import { missingWords } from "./number-cell.ts";
import { readRawTable, type TableFile } from "./read-raw-table.ts";

export function fileOf(
  name: string,
  content: string | Uint8Array,
  pieceBytes = Number.POSITIVE_INFINITY,
): TableFile {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield bytes.subarray(at, Math.min(bytes.length, at + pieceBytes));
    }
  }
  return { name, chunks: chunks() };
}

export function readAll(
  file: TableFile,
  plan: Partial<ReadPlan> & { readonly reading?: "infer" | "text" } = {},
): Promise<RawTable> {
  const { reading = "infer" } = plan;
  return readRawTable(file, {
    missing: missingWords(),
    readings: (names) => names.map(() => reading),
    ...plan,
  });
}

/** Rows of cells: numbers, texts, and null for a missing one. */
export function cellsOf({ rows, columns }: RawTable): (number | string | null)[][] {
  return Array.from({ length: rows }, (_, row) =>
    columns.map((column) => {
      if (column.kind === "text") return column.levels[column.codes[row]] ?? null;
      return Number.isNaN(column.values[row]) ? null : column.values[row];
    }),
  );
}
