// Which column is the target, which are learned from, and which is the weights: by name, before a
// row is read.

import { didYouMean } from "../shared/did-you-mean.ts";
import type { TableSource } from "../spec/table-source.ts";
import type { Reading, TableFormat } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";
import { numberOf } from "./number-cell.ts";

export interface ColumnRoles {
  readonly target: string;
  readonly features: readonly string[];
}

/** @throws TableError (TABLE_COLUMN) */
export function columnRoles(
  table: string,
  names: readonly string[],
  source: TableSource,
  format: TableFormat,
): ColumnRoles {
  const target = targetOf(table, names, source.target, format);
  return { target, features: featuresOf(table, names, target, source) };
}

/** How each column is to be read. */
export function readingsOf(
  names: readonly string[],
  { target, features }: ColumnRoles,
  { categorical = {}, sampleWeight, groups }: TableSource,
): Reading[] {
  const read = new Set(features);
  return names.map((name) => {
    // Labels are compared as they are written, and a category may be written in digits.
    if (name === target || name === groups || (read.has(name) && Object.hasOwn(categorical, name)))
      return "text";
    return read.has(name) || name === sampleWeight ? "infer" : "skip";
  });
}

/** Names that tables give the column with the classes, where nobody names it. */
const USUAL_TARGETS = ["class", "target", "label", "y", "outcome", "diagnosis", "species"];

function targetOf(
  table: string,
  columns: readonly string[],
  target: string | undefined,
  format: TableFormat,
): string {
  if (target !== undefined && columns.includes(target)) return target;
  if (target !== undefined) throw unknownColumn(table, "target", target, columns);
  // np.savez("d.npz", x=x, y=y) has said which is which.
  if (format === "npz" && columns.includes("y")) return "y";
  const usual = columns.find((column) => USUAL_TARGETS.includes(column.toLowerCase()));
  const likely = usual ?? columns.at(-1)!;
  throw new TableError(
    "TABLE_COLUMN",
    `${table}: say which column holds the classes, for instance --target ${JSON.stringify(likely)}. ${columnList(columns)}`,
  );
}

function featuresOf(
  table: string,
  columns: readonly string[],
  target: string,
  source: Omit<TableSource, "target">,
): string[] {
  const { drop = [], categorical = {}, sampleWeight, groups } = source;
  const others = [target, sampleWeight, groups];
  const { features = columns.filter((column) => !others.includes(column)) } = source;
  const named = {
    features,
    drop,
    categorical: Object.keys(categorical),
    "sample-weight": sampleWeight === undefined ? [] : [sampleWeight],
    groups: groups === undefined ? [] : [groups],
  };
  const known = new Set(columns);
  for (const [option, names] of Object.entries(named)) {
    const unknown = names.find((column) => !known.has(column));
    if (unknown !== undefined) throw unknownColumn(table, option, unknown, columns);
  }
  if (features.includes(target) || drop.includes(target)) {
    throw new TableError(
      "TABLE_COLUMN",
      `${table}: column "${target}" is the target and stands among the ${drop.includes(target) ? "dropped columns" : "features"} too; name it once.`,
    );
  }
  const kept = features.filter((column) => !drop.includes(column));
  if (kept.length > 0) return kept;
  throw new TableError(
    "TABLE_COLUMN",
    `${table}: there is no column to learn from beside "${target}"; keep at least one.`,
  );
}

export function unknownColumn(
  table: string,
  option: string,
  column: string,
  columns: readonly string[],
): TableError {
  const numbers = columns.filter((name) => numberOf(name) !== undefined).length;
  // A file without a header has data for names.
  const headless =
    numbers > columns.length / 2
      ? " The first line looks like data: put a line of column names above it."
      : "";
  return new TableError(
    "TABLE_COLUMN",
    `${table}: --${option} names "${column}", but there is no such column.${didYouMean(column, columns)} ${columnList(columns)}${headless}`,
  );
}

/** More columns are counted. */
const LISTED = 12;

function columnList(columns: readonly string[]): string {
  const listed = columns.slice(0, LISTED).map((name) => JSON.stringify(name));
  const more = columns.length > LISTED ? ` and ${columns.length - LISTED} more` : "";
  return `The columns: ${listed.join(", ")}${more}.`;
}
