// A file of rows -> a table of numbers and labels, and the description that reads it so again.

import type { Table } from "../dataset/table.ts";
import type { TableSource } from "../spec/table-source.ts";
import { columnRoles, readingsOf } from "./column-roles.ts";
import type { RawTable, ReadPlan, ReadProgress } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";
import { missingWords, numberOf } from "./number-cell.ts";
import { type ColumnPlace, categories, type ReadColumn, readColumn } from "./read-column.ts";
import { readLabels } from "./read-labels.ts";
import { readRawTable, type TableFile } from "./read-raw-table.ts";

export interface ReadTable {
  readonly table: Table;
  /** As it was described, and what was found and not described: categories, separator, decimals. */
  readonly source: TableSource;
  readonly format: RawTable["format"];
  readonly features: readonly ReadFeature[];
  readonly classes: readonly { readonly name: string; readonly rows: number }[];
  /** Rows without a label: they are left out. */
  readonly withoutLabel: number;
  /** What a reader should know of how the file was taken, a sentence each. */
  readonly notes: readonly string[];
}

export interface ReadFeature extends Pick<ReadColumn, "kind" | "levels" | "missing"> {
  readonly name: string;
}

export interface ReadOptions {
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/**
 * Reads a table of any format: CSV, TSV, JSON, JSON Lines, NPY, NPZ, Parquet or Arrow, texts
 * gzipped or not, from bytes that come in pieces.
 *
 * @throws TableError; what reading the pieces throws
 */
export async function readTable(
  file: TableFile,
  source: TableSource,
  { onProgress }: ReadOptions = {},
): Promise<ReadTable> {
  const plan = { ...readPlan(file.name, source), onProgress };
  return tableOfColumns(await readRawTable(file, plan), source);
}

/** What a reader must know of a source; asking it for readings checks the columns' names. */
export function readPlan(name: string, source: TableSource): ReadPlan {
  const { missing, decimal, separator, encoding } = source;
  return {
    missing: missingWords(missing),
    decimal,
    separator,
    encoding,
    readings: (names, format) =>
      readingsOf(names, columnRoles(name, names, source, format), source),
  };
}

/** As many inputs as a layer may have outputs, and as a spec may give a row. */
const MOST_FEATURES = 4096;

/** @throws TableError that names everything that is wrong with the columns */
export function tableOfColumns(raw: RawTable, source: TableSource): ReadTable {
  const { target, features } = columnRoles(raw.name, raw.names, source, raw.format);
  const columns = new Map(raw.columns.map((column) => [column.name, column]));
  const { rows, labels, classes } = readLabels(raw, columns.get(target)!);
  const place: ColumnPlace = { table: raw.name, rows, placeOf: raw.placeOf };
  const read = all(features, (name) => ({
    name,
    ...readColumn(columns.get(name)!, place, source.categorical?.[name]),
  }));
  const inputs = read.flatMap((feature) => feature.columns);
  if (inputs.length > MOST_FEATURES) {
    throw new TableError(
      "TABLE_COLUMN",
      `${raw.name}: ${inputs.length} columns to learn from, and a network takes ${MOST_FEATURES} at most; choose some with --features, or leave some out with --drop.`,
    );
  }
  const categorical = read.flatMap(({ name, kind }) =>
    kind === "number" ? [] : [[name, kind] as const],
  );
  const commas = read.filter(({ decimalComma }) => decimalComma).map(({ name }) => name);
  const { separator, encoding } = raw;
  return {
    table: {
      rows: rows.length,
      columns: inputs.map(({ name }) => name),
      x: valuesOf(inputs, rows),
      labels,
      ...weightsOf(columns.get(source.sampleWeight ?? ""), place),
      ...groupsOf(columns.get(source.groups ?? ""), place),
    },
    source: {
      ...source,
      target,
      ...(categorical.length > 0 ? { categorical: Object.fromEntries(categorical) } : {}),
      ...(separator === undefined || separator === "," ? {} : { separator }),
      ...(commas.length > 0 ? { decimal: "," } : {}),
      ...(encoding === undefined ? {} : { encoding }),
    },
    format: raw.format,
    features: read.map(({ name, kind, levels, missing }) => ({ name, kind, levels, missing })),
    classes,
    withoutLabel: raw.rows - rows.length,
    notes: [
      ...raw.notes,
      ...(commas.length > 0 && source.decimal === undefined
        ? [`Read with a comma before fractions: ${commas.join(", ")}.`]
        : []),
    ],
  };
}

function valuesOf(inputs: readonly ReadColumn["columns"][number][], rows: Int32Array) {
  const x = new Float64Array(rows.length * inputs.length);
  inputs.forEach(({ valueAt }, j) => {
    for (let i = 0; i < rows.length; i++) x[i * inputs.length + j] = valueAt(rows[i]);
  });
  return x;
}

function weightsOf(column: RawTable["columns"][number] | undefined, place: ColumnPlace) {
  if (column === undefined) return {};
  const { kind, columns } = readColumn(column, place, undefined);
  const weights = Array.from(place.rows, columns[0].valueAt);
  const wrong = weights.findIndex((weight) => !(weight >= 0));
  if (kind === "number" && wrong === -1) return { sampleWeight: weights };
  const where = wrong === -1 ? place.table : place.placeOf(place.rows[wrong]);
  throw new TableError(
    "TABLE_VALUE",
    `${where}: column "${column.name}" holds the sample weights; each must be a number of at least 0.`,
  );
}

function groupsOf(column: RawTable["columns"][number] | undefined, place: ColumnPlace) {
  if (column === undefined) return {};
  const { levels, codes } = categories(column);
  const numbers = levels.map((level) => numberOf(level));
  const names = numbers.every((value) => value !== undefined) ? numbers : levels;
  const missing = place.rows.find((row) => codes[row] === -1);
  if (missing === undefined) return { groups: Array.from(place.rows, (row) => names[codes[row]]) };
  throw new TableError(
    "TABLE_VALUE",
    `${place.placeOf(missing)}: column "${column.name}" holds the groups, and this row has none; give it one.`,
  );
}

/** More problems are counted. */
const LISTED = 12;

/** Everything that is wrong with any column, in one error. */
function all<In, Out>(items: readonly In[], read: (item: In) => Out): Out[] {
  const errors: TableError[] = [];
  const results = items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (errors.length === 0) return results;
  const listed = errors.slice(0, LISTED).map(({ message }) => message);
  const more = errors.length > LISTED ? [`${errors.length - LISTED} more columns like these.`] : [];
  throw new TableError("TABLE_VALUE", [...listed, ...more].join("\n"));
}
