// How much of a file is read: what a table needs in memory is known before it is there, so that a
// file that unpacks to more than any machine holds is an error and not the end of the process.

import { TableError } from "./errors.ts";

/** As float64 1 GiB; a million rows of a hundred columns are fewer. */
export const MAX_CELLS = 2 ** 27;

/** Of a format that is read whole: JSON, NumPy, Parquet, Arrow. */
export const MAX_WHOLE_BYTES = 2 ** 29;

/** Of a compressed text: as many cells of it as are read take less. */
export const MAX_UNPACKED_BYTES = 2 ** 32;

/** @throws TableError */
export function checkCells(name: string, rows: number, columns: number): void {
  if (rows * columns <= MAX_CELLS) return;
  throw new TableError(
    "TABLE_UNREADABLE",
    `${name} holds more than ${MAX_CELLS.toLocaleString("en")} cells, as many as are read; take a sample of its rows, or fewer columns with --features or --drop.`,
  );
}

/** @throws TableError */
export function checkWholeBytes(name: string, bytes: number): void {
  if (bytes <= MAX_WHOLE_BYTES) return;
  throw new TableError(
    "TABLE_UNREADABLE",
    `${name} holds ${megabytes(bytes)} MB where ${megabytes(MAX_WHOLE_BYTES)} MB are read at most; take a sample of its rows, or save it as CSV, which is read piece by piece.`,
  );
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 2 ** 20).toLocaleString("en");
}
