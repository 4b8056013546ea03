// One column -> what the network gets of it: numbers as they stand, or a code for each value of a
// category.

import type { Encoding } from "../spec/table-source.ts";
import type { NumberColumn, RawColumn } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";

/** Where a column stands: for messages, and without the rows that have no label. */
export interface ColumnPlace {
  readonly table: string;
  /** The rows that are kept. */
  readonly rows: Int32Array;
  placeOf(row: number): string;
}

export interface ReadColumn {
  readonly kind: "number" | Encoding;
  /** Of a category, sorted. */
  readonly levels: readonly string[];
  readonly missing: number;
  /** Whether a comma stood before fractions. */
  readonly decimalComma: boolean;
  /** What the network gets: several for a category of more than two values. */
  readonly columns: readonly FeatureColumn[];
}

export interface FeatureColumn {
  readonly name: string;
  /** Of a row of the file; NaN where the cell is missing. */
  valueAt(row: number): number;
}

/** A category of more values gives more columns than most tables have rows for. */
const MOST_LEVELS = 64;

/** @throws TableError (TABLE_VALUE) */
export function readColumn(
  column: RawColumn,
  place: ColumnPlace,
  encoding: Encoding | undefined,
): ReadColumn {
  if (column.kind === "number" && encoding === undefined) return readNumbers(column, place);
  const { levels: texts, codes } = categories(column);
  const counts = new Int32Array(texts.length);
  let present = 0;
  for (const row of place.rows) {
    if (codes.length === 0 || codes[row] === -1) continue;
    counts[codes[row]]++;
    present++;
  }
  if (column.kind === "text" && column.overflow) throw tooMany(column, place, texts, "over ");
  if (present === 0) throw nothing(column, place);
  const levels = texts.filter((_, code) => counts[code] > 0).sort();
  const kind = encoding ?? "oneHot";
  if (kind === "oneHot" && levels.length > MOST_LEVELS) throw tooMany(column, place, levels);
  const levelOf = (row: number) => (codes[row] === -1 ? undefined : texts[codes[row]]);
  const columns =
    kind === "oneHot" ? oneHot(column.name, levels, levelOf) : [ordinal(column, levels, levelOf)];
  const missing = place.rows.length - present;
  return { kind, levels, missing, decimalComma: false, columns };
}

function readNumbers(column: NumberColumn, place: ColumnPlace): ReadColumn {
  const { name, values, odd, decimalComma } = column;
  if (odd !== undefined) {
    const found = quoted(odd.text);
    const others =
      odd.count === 1 ? "" : ` and ${odd.count - 1} more cells are no finite numbers either`;
    throw problem(
      column,
      place,
      `holds numbers, but at ${place.placeOf(odd.row)} it holds ${found}${others}; say --missing ${found} if that stands for a missing value, or --categorical ${name} if the column holds categories`,
    );
  }
  let missing = 0;
  for (const row of place.rows) if (Number.isNaN(values[row])) missing++;
  if (missing === place.rows.length) throw nothing(column, place);
  const columns = [{ name, valueAt: (row: number) => values[row] }];
  return { kind: "number", levels: [], missing, decimalComma, columns };
}

/** A column of numbers that is said to be a category has a text for each. */
export function categories(column: RawColumn): { levels: readonly string[]; codes: Int32Array } {
  if (column.kind === "text") return column;
  const levels: string[] = [];
  const codeOf = new Map<number, number>();
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    const known = codeOf.get(value);
    if (known !== undefined) return known;
    codeOf.set(value, levels.length);
    return levels.push(String(value)) - 1;
  });
  return { levels, codes };
}

type LevelOf = (row: number) => string | undefined;

/** A value is told by its column; the first in order by zeros in all of them. */
function oneHot(name: string, levels: readonly string[], levelOf: LevelOf): FeatureColumn[] {
  const told = levels.length === 1 ? levels : levels.slice(1);
  return told.map((level) => ({
    name: `${name}=${level}`,
    valueAt(row) {
      const found = levelOf(row);
      return found === undefined ? Number.NaN : Number(found === level);
    },
  }));
}

function ordinal({ name }: RawColumn, levels: readonly string[], levelOf: LevelOf): FeatureColumn {
  const places = new Map<string | undefined, number>(levels.map((level, place) => [level, place]));
  return { name, valueAt: (row) => places.get(levelOf(row)) ?? Number.NaN };
}

function tooMany(
  column: RawColumn,
  place: ColumnPlace,
  levels: readonly string[],
  over = "",
): TableError {
  return problem(
    column,
    place,
    `holds ${over}${levels.length} different texts, such as ${quoted(levels[0])}; leave it out with --drop ${column.name}, or number them in sorted order with --categorical ${column.name}:ordinal`,
  );
}

function nothing(column: RawColumn, place: ColumnPlace): TableError {
  return problem(column, place, `has no value in any row; leave it out with --drop ${column.name}`);
}

function problem({ name }: RawColumn, { table }: ColumnPlace, says: string): TableError {
  return new TableError("TABLE_VALUE", `${table}: column ${quoted(name)} ${says}.`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}
