// JSON -> typed columns: an array of records, columns of values, and what pandas's to_json writes
// (orient "records", "columns", "split", "table").

import { ColumnBuilder } from "../columns/column-builder.ts";
import type { RawTable, Reading, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { checkCells } from "../size-limits.ts";

type Fields = Record<string, unknown>;

/** @throws TableError */
export function jsonTable(name: string, text: string, plan: ReadPlan): RawTable {
  const value = parseJson(name, text);
  const builder = new RecordColumns(name, plan, (row) => `${name}, row ${row + 1}`);
  if (Array.isArray(value)) {
    for (const record of value) builder.addRecord(record);
    return builder.finish("json");
  }
  if (!isRecord(value)) throw unreadable(name, "is JSON, but no table");
  if (Array.isArray(value.columns) && Array.isArray(value.data)) {
    const columns = value.columns.map(String);
    for (const row of value.data) builder.addRecord(recordOf(columns, row));
    return builder.finish("json");
  }
  if (Array.isArray(value.data) && !Object.values(value).every(Array.isArray)) {
    for (const record of value.data) builder.addRecord(record);
    return builder.finish("json");
  }
  addColumns(name, builder, value);
  return builder.finish("json");
}

/** Records that arrive one by one; a column may appear late, and the rows above it have no cell. */
export class RecordColumns {
  private readonly name: string;
  private readonly plan: ReadPlan;
  private readonly placeOf: (row: number) => string;
  private readonly columns = new Map<string, { builder: ColumnBuilder; rows: number }>();
  private rowCount = 0;

  constructor(name: string, plan: ReadPlan, placeOf: (row: number) => string) {
    this.name = name;
    this.plan = plan;
    this.placeOf = placeOf;
  }

  get rows(): number {
    return this.rowCount;
  }

  /** @throws TableError for what is no record, or holds what is no cell */
  addRecord(record: unknown): void {
    const row = this.rowCount++;
    if (!isRecord(record)) {
      throw new TableError(
        "TABLE_UNREADABLE",
        `${this.placeOf(row)}: ${kindOf(record)} stands where a record like {"column": value} must; every row is one.`,
      );
    }
    for (const [key, value] of Object.entries(record)) {
      const column = this.columnOf(key, row);
      while (column.rows < row) this.addCell(column, null, key);
      this.addCell(column, value, key);
    }
  }

  /** @throws TableError */
  finish(format: "json" | "jsonLines"): RawTable {
    const { name, rowCount: rows } = this;
    if (rows === 0) throw unreadable(name, "holds no record");
    for (const [key, column] of this.columns) {
      while (column.rows < rows) this.addCell(column, null, key);
    }
    const names = [...this.columns.keys()];
    if (names.length === 0) throw unreadable(name, "holds records without a column");
    const readings = this.plan.readings(names, format);
    return {
      name,
      format,
      rows,
      names,
      columns: names.flatMap((key, j) =>
        readings[j] === "skip" ? [] : [this.finished(key, readings[j])],
      ),
      notes: [],
      placeOf: this.placeOf,
    };
  }

  /** Types are inferred while records arrive; that a column is to be text is known at the end. */
  private finished(key: string, reading: Reading) {
    return this.columns.get(key)!.builder.finish(reading);
  }

  private columnOf(key: string, row: number) {
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    const column = { builder: new ColumnBuilder(key, "infer", this.plan), rows: 0 };
    this.columns.set(key, column);
    checkCells(this.name, row + 1, this.columns.size);
    return column;
  }

  private addCell(column: { builder: ColumnBuilder; rows: number }, value: unknown, key: string) {
    const row = column.rows++;
    if (row % ROWS_PER_CHECK === 0) checkCells(this.name, row, this.columns.size);
    if (value === null || value === undefined) column.builder.addMissing();
    else if (typeof value === "number" || typeof value === "boolean") {
      column.builder.addText(String(value));
    } else if (typeof value === "string") column.builder.addText(value);
    else {
      throw new TableError(
        "TABLE_UNREADABLE",
        `${this.placeOf(row)}: column ${JSON.stringify(key)} holds ${kindOf(value)}; a cell is a number, a text, true, false or null: take it apart first.`,
      );
    }
  }
}

const ROWS_PER_CHECK = 1024;

/** {"a": [1, 2], "b": [3, 4]}, or {"a": {"0": 1, "1": 2}} as pandas writes without an orient. */
function addColumns(name: string, builder: RecordColumns, columns: Fields): void {
  const entries = Object.entries(columns);
  if (entries.length > 0 && entries.every(([, cells]) => Array.isArray(cells))) {
    const lists = entries as [string, unknown[]][];
    const rows = lists[0][1].length;
    const other = lists.find(([, cells]) => cells.length !== rows);
    if (other !== undefined) {
      throw unreadable(
        name,
        `holds ${rows} cells of column ${JSON.stringify(lists[0][0])} and ${other[1].length} of ${JSON.stringify(other[0])}`,
      );
    }
    for (let row = 0; row < rows; row++) {
      builder.addRecord(Object.fromEntries(lists.map(([key, cells]) => [key, cells[row]])));
    }
    return;
  }
  if (entries.length > 0 && entries.every(([, cells]) => isRecord(cells))) {
    const byIndex = entries as [string, Fields][];
    for (const index of Object.keys(byIndex[0][1])) {
      builder.addRecord(Object.fromEntries(byIndex.map(([key, cells]) => [key, cells[index]])));
    }
    return;
  }
  throw unreadable(
    name,
    "is one record; a table is an array of records, or with a record in each line a .jsonl file",
  );
}

function recordOf(columns: readonly string[], row: unknown): unknown {
  if (!Array.isArray(row)) return row;
  return Object.fromEntries(columns.map((column, j) => [column, row[j]]));
}

/** @throws TableError that names the line, where the platform says the place */
function parseJson(name: string, text: string): unknown {
  if (text.trim() === "") throw unreadable(name, "is empty");
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? "" : `:${lineOf(text, Number(position))}`;
    throw new TableError("TABLE_UNREADABLE", `${name}${line}: ${jsonProblem(message)}`);
  }
}

/** What JSON.parse says, and what to do where the cause is a usual one. */
export function jsonProblem(message: string): string {
  const what = message.replace(/ in JSON at position \d+.*$| at position \d+.*$/s, "");
  const hint = /end of JSON|Unterminated/.test(message)
    ? "see whether the file was cut off"
    : /\b[NI]\b|NaN|Infinity/.test(message)
      ? "NaN and Infinity are no JSON: write null for a missing value, as pandas's to_json does"
      : "see whether it is whole, and JSON";
  return `this is no JSON (${what}); ${hint}.`;
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function unreadable(name: string, says: string): TableError {
  return new TableError(
    "TABLE_UNREADABLE",
    `${name} ${says}; a JSON table is [{"column": value, ...}, ...] or {"column": [values], ...}.`,
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
