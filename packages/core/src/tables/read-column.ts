// One column of text -> numbers: as they stand, or a code for each value of a category.

import type { Encoding, TableSource } from "../spec/table-source.ts";
import { TableError } from "./errors.ts";
import { numberOf } from "./number-cell.ts";

/** A column as a table has it, without the rows that have no label. */
export interface TextColumn {
  readonly table: string;
  readonly name: string;
  /** Null: missing. */
  readonly cells: readonly (string | null)[];
  /** "data.csv:17", the place of a cell. */
  placeOf(cell: number): string;
}

export interface NumberColumn {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ReadColumn {
  readonly kind: "number" | Encoding;
  /** Of a category, sorted. */
  readonly levels: readonly string[];
  readonly missing: number;
  /** Whether a comma stood before fractions. */
  readonly decimalComma: boolean;
  /** What the network gets: several for a category of more than two values. */
  readonly columns: readonly NumberColumn[];
}

/** A category of more values gives more columns than most tables have rows for. */
const MOST_LEVELS = 64;
/** A column of which more cells are numbers is one of numbers, with a few cells that are not. */
const NUMBERS_FROM = 0.5;

/** @throws TableError (TABLE_VALUE) */
export function readColumn(
  column: TextColumn,
  encoding: Encoding | undefined,
  decimal?: TableSource["decimal"],
): ReadColumn {
  const present = column.cells.filter((cell) => cell !== null);
  if (present.length === 0) {
    throw problem(column, `has no value in any row; leave it out with --drop ${column.name}`);
  }
  const missing = column.cells.length - present.length;
  if (encoding === undefined) {
    // "1,5" is a number only where no other cell of the column has a decimal point.
    const decimalComma = decimal === undefined ? !present.some(hasPoint) : decimal === ",";
    const values = readNumbers(column, present, decimalComma);
    if (values !== undefined) {
      return {
        kind: "number",
        levels: [],
        missing,
        decimalComma: decimalComma && present.some((cell) => cell.includes(",")),
        columns: [{ name: column.name, values }],
      };
    }
  }
  const levels = [...new Set(present)].sort();
  const kind = encoding ?? "oneHot";
  const columns = kind === "oneHot" ? oneHot(column, levels) : [ordinal(column, levels)];
  return { kind, levels, missing, decimalComma: false, columns };
}

function hasPoint(cell: string): boolean {
  return cell.includes(".");
}

/** Undefined where most cells are no numbers. */
function readNumbers(
  column: TextColumn,
  present: readonly string[],
  decimalComma: boolean,
): NumberColumn["values"] | undefined {
  const values = column.cells.map((cell) =>
    cell === null ? null : (numberOf(cell, decimalComma) ?? Number.NaN),
  );
  const odd = values.flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
  if (odd.length === 0) return values;
  if (present.length - odd.length < NUMBERS_FROM * present.length) return undefined;
  const found = quoted(column.cells[odd[0]]!);
  const others = odd.length === 1 ? "" : ` and ${odd.length - 1} more cells are no numbers either`;
  throw problem(
    column,
    `holds numbers, but at ${column.placeOf(odd[0])} it holds ${found}${others}; say --missing ${found} if that stands for a missing value, or --categorical ${column.name} if the column holds categories`,
  );
}

/** A value is told by its column; the first in order by zeros in all of them. */
function oneHot(column: TextColumn, levels: readonly string[]): NumberColumn[] {
  if (levels.length > MOST_LEVELS) {
    throw problem(
      column,
      `holds ${levels.length} different texts, such as ${quoted(levels[0])}; leave it out with --drop ${column.name}, or number them in sorted order with --categorical ${column.name}:ordinal`,
    );
  }
  if (levels.length === 1) return [indicator(column, levels[0])];
  return levels.slice(1).map((level) => indicator(column, level));
}

function indicator({ name, cells }: TextColumn, level: string): NumberColumn {
  const values = cells.map((cell) => (cell === null ? null : Number(cell === level)));
  return { name: `${name}=${level}`, values };
}

function ordinal({ name, cells }: TextColumn, levels: readonly string[]): NumberColumn {
  const places = new Map(levels.map((level, place) => [level, place]));
  return { name, values: cells.map((cell) => (cell === null ? null : places.get(cell)!)) };
}

function problem({ table, name }: TextColumn, says: string): TableError {
  return new TableError("TABLE_VALUE", `${table}: column ${quoted(name)} ${says}.`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}
