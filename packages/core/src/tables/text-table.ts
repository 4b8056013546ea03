// Text with separators -> cells of text. Every row has as many cells as there are columns; nothing
// is known about their types yet.

import Papa from "papaparse";
import { TableError } from "./errors.ts";

export interface TextTable {
  /** For messages: the file's path. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly separator: string;
  /** The line of the file, from 1, in which a row begins. */
  lineOf(row: number): number;
}

/** @throws TableError (TABLE_UNREADABLE, TABLE_HEADER) */
export function parseTextTable(name: string, text: string, separator?: string): TextTable {
  refuseBinary(name, text);
  const content = text.replace(/^\ufeff/, "");
  const delimiter = separator ?? likeliestSeparator(content);
  const { data, errors } = Papa.parse<string[]>(content, { delimiter });
  const lineOf = lineCounter(data);
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken !== undefined) {
    const line = lineOf(broken.row ?? data.length - 1);
    throw new TableError(
      "TABLE_UNREADABLE",
      `${name}:${line}: a quoted cell begins here and ends nowhere or in the middle of text; double the quotes inside it, or see whether the file was cut off.`,
    );
  }
  const filled = [...data.keys()].filter((i) => !isBlank(data[i]));
  if (filled.length < 2) {
    const found = filled.length === 0 ? "is empty" : "has one line and no rows below it";
    throw new TableError(
      "TABLE_UNREADABLE",
      `${name} ${found}; a table is a line of column names and a line for every row.`,
    );
  }
  const columns = columnNames(name, data[filled[0]]);
  const kept = filled.slice(1);
  const ragged = kept.find((i) => data[i].length !== columns.length);
  if (ragged !== undefined) {
    const hint =
      ragged === kept.at(-1)
        ? "see whether the file was cut off"
        : `quote cells that hold ${JSON.stringify(delimiter)}, or name the separator`;
    throw new TableError(
      "TABLE_UNREADABLE",
      `${name}:${lineOf(ragged)}: ${data[ragged].length} cells, but the first line names ${columns.length} columns; ${hint}.`,
    );
  }
  return {
    name,
    columns,
    rows: kept.map((i) => data[i].map((cell) => cell.trim())),
    separator: delimiter,
    lineOf: (row) => lineOf(kept[row]),
  };
}

/** The one that cuts the first line into most cells; among equals a comma. */
function likeliestSeparator(text: string): string {
  const cells = (delimiter: string) =>
    Papa.parse<string[]>(text, { delimiter, preview: 1 }).data[0]?.length ?? 0;
  return [",", "\t", ";", "|"].reduce((a, b) => (cells(b) > cells(a) ? b : a));
}

/** No text table holds a NUL; a compressed or a binary file has one soon. */
function refuseBinary(name: string, text: string): void {
  if (!text.includes("\u0000")) return;
  throw new TableError(
    "TABLE_UNREADABLE",
    `${name} is not text: it holds bytes that no text has; save the table as CSV.`,
  );
}

function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && row[0].trim() === "";
}

/** As pandas calls a column without a name. */
function columnNames(name: string, header: readonly string[]): string[] {
  const columns = header.map((cell, j) => cell.trim() || `Unnamed: ${j}`);
  const repeated = columns.find((column, j) => columns.indexOf(column) < j);
  if (repeated === undefined) return columns;
  const places = columns.flatMap((column, j) => (column === repeated ? [j + 1] : []));
  throw new TableError(
    "TABLE_HEADER",
    `${name}:1: columns ${places.join(" and ")} are both called "${repeated}"; give every column a name of its own.`,
  );
}

/** Rows are counted only when a line is asked for: a quoted cell may hold line ends. */
function lineCounter(data: readonly (readonly string[])[]): (index: number) => number {
  return (index) => {
    let line = 1;
    for (const row of data.slice(0, index)) {
      line++;
      for (const cell of row) line += cell.split("\n").length - 1;
    }
    return line;
  };
}
