// What a file is: by its first bytes, and only where those could be text by its name.

import type { TableFormat } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";

/** First bytes of files that people take for a table, and what to do with each. */
const OTHER_FORMATS: readonly (readonly [magic: string, what: string])[] = [
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel workbook: save its table as CSV"],
  ["\u0089HDF", "an HDF5 file: save its table as CSV or Parquet"],
  ["FEA1", "a Feather file of version 1: save it with pandas's to_parquet, or to_feather of today"],
  ["BZh", "compressed by bzip2: unpack it, or compress it with gzip"],
  ["\u00fd7zXZ", "compressed by xz: unpack it, or compress it with gzip"],
  ["(\u00b5/\u00fd", "compressed by zstd: unpack it, or compress it with gzip"],
  ["SQLite format 3", "a SQLite database: export the table as CSV"],
  [
    "\u0080\u0004\u0095",
    "a Python pickle, which is not read: save the table with pandas's to_parquet",
  ],
  [
    "\u0080\u0005\u0095",
    "a Python pickle, which is not read: save the table with pandas's to_parquet",
  ],
  ["RDX", "R's own format: save the table with write.csv"],
  ["%PDF-", "a PDF: save its table as CSV"],
  ["<!DOCTYPE html", "a web page: look whether the download asked you to log in"],
  ["<html", "a web page: look whether the download asked you to log in"],
];

/**
 * @param start The first bytes, 64 if there are as many, unzipped.
 * @throws TableError for a format that is not read
 */
export function detectFormat(name: string, start: Uint8Array): TableFormat {
  const text = String.fromCharCode(...start.subarray(0, 64));
  if (text.startsWith("\u0093NUMPY")) return "npy";
  if (text.startsWith("ARROW1\u0000") || text.startsWith("\u00ff\u00ff\u00ff\u00ff"))
    return "arrow";
  // A column may be called PAR1; a Parquet file goes on with the header of a page.
  if (text.startsWith("PAR1") && start.length > 4 && start[4] < 0x20 && !isLineEnd(start[4])) {
    return "parquet";
  }
  if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006"))
    return archive(name, text);
  const other = OTHER_FORMATS.find(([magic]) => text.toLowerCase().startsWith(magic.toLowerCase()));
  if (other !== undefined) {
    throw new TableError("TABLE_UNREADABLE", `${name} is no table but ${other[1]}.`);
  }
  const extension = /\.([a-z0-9]+)(\.gz)?$/i.exec(name)?.[1].toLowerCase();
  if (extension === "jsonl" || extension === "ndjson") return "jsonLines";
  if (extension === "json") return "json";
  if (extension === "csv" || extension === "tsv") return "text";
  const first = text.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  if (first.startsWith("[")) return "json";
  // One object is a table of columns; one in every line is JSON Lines.
  if (/^\{\s*"/.test(first)) return /^\{\s*"[^"]*"\s*:\s*[[{]/.test(first) ? "json" : "jsonLines";
  return "text";
}

/** NumPy's archives hold arrays; all others that people hand in are workbooks or models. */
function archive(name: string, text: string): TableFormat {
  const entry = text.slice(30);
  if (/^[\w. -]{1,28}\.npy/.test(entry) || /\.npz$/i.test(name)) return "npz";
  const what = /^(config\.json|metadata\.json|model)/.test(entry)
    ? "an archive, perhaps a Keras model: the table is another file"
    : "an archive, perhaps a workbook: save its table as CSV";
  throw new TableError("TABLE_UNREADABLE", `${name} is no table but ${what}.`);
}

function isLineEnd(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13;
}
