// A table in a file: bytes -> text -> the table and its description. What is wrong is said with the
// file's name; types and columns are core's business.

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { parseTextTable, type ReadTable, readTable, type TableSource } from "@convergence-lab/core";
import { CliError } from "./errors.ts";
import { readBytes } from "./files.ts";

/** @param path Where the file is, whatever the source calls it. */
export function readTableFile(path: string, source: TableSource): ReadTable {
  const bytes = readBytes(path);
  const text = decodeText(path, unzipped(path, bytes));
  const read = readTable(parseTextTable(path, text, source.separator), source);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { ...read, source: { ...read.source, digest } };
}

/** More text than this V8 cannot hold in one string (`node:buffer` constants.MAX_STRING_LENGTH). */
const MAX_TEXT = 2 ** 29 - 25;

function unzipped(path: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_TEXT });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ERR_BUFFER_TOO_LARGE"
        ? "it unpacks to more than 512 MB"
        : "it is compressed and cut off or damaged";
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: ${reason}.`);
  }
}

/** First bytes of files that people take for a table of text, and what to do with each. */
const OTHER_FORMATS: readonly (readonly [magic: string, what: string])[] = [
  ["PK\u0003\u0004", "an archive, perhaps a workbook: save its table as CSV"],
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel workbook: save its table as CSV"],
  ["\u0093NUMPY", "a NumPy array: save it with numpy.savetxt, or with pandas as CSV"],
  ["PAR1", "a Parquet file: save it with pandas's to_csv"],
  ["ARROW1", "an Arrow file: save it with pandas's to_csv"],
  ["\u0089HDF", "an HDF5 file: save its table as CSV"],
  ["%PDF", "a PDF: save its table as CSV"],
];

function decodeText(path: string, bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  const other = OTHER_FORMATS.find(([magic]) => start.startsWith(magic));
  if (other !== undefined) {
    throw new CliError("CLI_FILE_UNREADABLE", `${path} is no table of text but ${other[1]}.`);
  }
  if (bytes.length > MAX_TEXT) {
    throw new CliError(
      "CLI_FILE_UNREADABLE",
      `${path} holds ${Math.round(bytes.length / 2 ** 20)} MB, and 512 MB are read at most; take a sample of its rows.`,
    );
  }
  if (start.startsWith("\u00ff\u00fe")) return new TextDecoder("utf-16le").decode(bytes);
  if (start.startsWith("\u00fe\u00ff")) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // What is not UTF-8 and holds no NUL was most likely written by a program of western Windows.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
