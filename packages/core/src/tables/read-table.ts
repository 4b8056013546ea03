// Cells of text -> a table of numbers and labels, and the description that reads it so again.

import type { Table } from "../dataset/table.ts";
import { didYouMean } from "../shared/did-you-mean.ts";
import type { TableSource } from "../spec/table-source.ts";
import { TableError } from "./errors.ts";
import { missingWords, numberOf } from "./number-cell.ts";
import { type ReadColumn, readColumn } from "./read-column.ts";
import type { TextTable } from "./text-table.ts";

export interface ReadTable {
  readonly table: Table;
  /** As it was described, and what was found and not described: categories, separator, decimals. */
  readonly source: TableSource;
  readonly features: readonly ReadFeature[];
  readonly classes: readonly { readonly name: string; readonly rows: number }[];
  /** Rows without a label: they are left out. */
  readonly withoutLabel: number;
}

export interface ReadFeature extends Pick<ReadColumn, "kind" | "levels" | "missing"> {
  readonly name: string;
}

/** @throws TableError that names everything that is wrong with the columns */
export function readTable(text: TextTable, source: TableSource): ReadTable {
  const target = targetOf(text, source.target);
  const features = featuresOf(text, target, source);
  const missing = missingWords(source.missing);
  const cellsOf = (column: string) => {
    const j = text.columns.indexOf(column);
    return text.rows.map((row) => (missing.has(row[j]) ? null : row[j]));
  };
  const allLabels = cellsOf(target);
  const kept = [...allLabels.keys()].filter((row) => allLabels[row] !== null);
  const labels = readLabels(
    text,
    target,
    kept.map((row) => allLabels[row]!),
  );
  const columnOf = (name: string) => {
    const cells = cellsOf(name);
    return {
      name,
      table: text.name,
      cells: kept.map((row) => cells[row]),
      placeOf: (cell: number) => `${text.name}:${text.lineOf(kept[cell])}`,
    };
  };
  const read = all(features, (name) => {
    return { name, ...readColumn(columnOf(name), source.categorical?.[name], source.decimal) };
  });
  const columns = read.flatMap((feature) => feature.columns);
  const categorical = read.flatMap(({ name, kind }) =>
    kind === "number" ? [] : [[name, kind] as const],
  );
  const x = new Float64Array(kept.length * columns.length);
  columns.forEach(({ values }, j) => {
    values.forEach((value, i) => {
      x[i * columns.length + j] = value ?? Number.NaN;
    });
  });
  const { sampleWeight } = source;
  return {
    table: {
      rows: kept.length,
      columns: columns.map(({ name }) => name),
      x,
      labels,
      ...(sampleWeight === undefined ? {} : { sampleWeight: readWeights(columnOf(sampleWeight)) }),
    },
    source: {
      ...source,
      target,
      ...(categorical.length > 0 ? { categorical: Object.fromEntries(categorical) } : {}),
      ...(text.separator === "," ? {} : { separator: text.separator }),
      ...(read.some(({ decimalComma }) => decimalComma) ? { decimal: "," } : {}),
    },
    features: read.map(({ name, kind, levels, missing }) => ({ name, kind, levels, missing })),
    classes: countClasses(labels),
    withoutLabel: text.rows.length - kept.length,
  };
}

/** Names that tables give the column with the classes, where nobody names it. */
const USUAL_TARGETS = ["class", "target", "label", "y", "outcome", "diagnosis", "species"];

function targetOf({ name, columns }: TextTable, target: string | undefined): string {
  if (target !== undefined && columns.includes(target)) return target;
  if (target !== undefined) throw unknownColumn(name, "target", target, columns);
  const usual = columns.find((column) => USUAL_TARGETS.includes(column.toLowerCase()));
  const likely = usual ?? columns.at(-1)!;
  throw new TableError(
    "TABLE_COLUMN",
    `${name}: say which column holds the classes, for instance --target ${JSON.stringify(likely)}. ${columnList(columns)}`,
  );
}

function featuresOf(
  { name, columns }: TextTable,
  target: string,
  source: Omit<TableSource, "target">,
): string[] {
  const { drop = [], categorical = {}, sampleWeight } = source;
  const { features = columns.filter((column) => column !== target && column !== sampleWeight) } =
    source;
  const named = {
    features,
    drop,
    categorical: Object.keys(categorical),
    "sample-weight": sampleWeight === undefined ? [] : [sampleWeight],
  };
  for (const [option, names] of Object.entries(named)) {
    const unknown = names.find((column) => !columns.includes(column));
    if (unknown !== undefined) throw unknownColumn(name, option, unknown, columns);
  }
  if (features.includes(target) || drop.includes(target)) {
    throw new TableError(
      "TABLE_COLUMN",
      `${name}: column "${target}" is the target and stands among the ${drop.includes(target) ? "dropped columns" : "features"} too; name it once.`,
    );
  }
  const kept = features.filter((column) => !drop.includes(column));
  if (kept.length > 0) return kept;
  throw new TableError(
    "TABLE_COLUMN",
    `${name}: there is no column to learn from beside "${target}"; keep at least one.`,
  );
}

function unknownColumn(
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

const LISTED = 12;

function columnList(columns: readonly string[]): string {
  const listed = columns.slice(0, LISTED).map((name) => JSON.stringify(name));
  const more = columns.length > LISTED ? ` and ${columns.length - LISTED} more` : "";
  return `The columns: ${listed.join(", ")}${more}.`;
}

function readWeights(column: Parameters<typeof readColumn>[0]): number[] {
  const { kind, columns } = readColumn(column, undefined);
  const weights = columns[0].values;
  const wrong = weights.findIndex((weight) => weight === null || weight < 0);
  if (kind === "number" && wrong === -1) return weights as number[];
  const place = wrong === -1 ? column.table : column.placeOf(wrong);
  throw new TableError(
    "TABLE_VALUE",
    `${place}: column "${column.name}" holds the sample weights; each must be a number of at least 0.`,
  );
}

/** A target with more values than this that has fractions is an amount, not a class. */
const MOST_FRACTIONS = 20;

/** Numbers where every label is one, so that 1 and 1.0 are one class. */
function readLabels(
  { name, rows }: TextTable,
  target: string,
  labels: readonly string[],
): (string | number)[] {
  const refuse = (says: string) =>
    new TableError("TABLE_VALUE", `${name}: the target "${target}" ${says}.`);
  if (labels.length === 0) throw refuse(`is missing in all ${rows.length} rows`);
  const numbers = labels.map((label) => numberOf(label));
  const values = numbers.every((value) => value !== undefined) ? numbers : labels;
  const classes = new Set<string | number>(values);
  if (classes.size < 2) {
    throw refuse(
      `is ${JSON.stringify(labels[0])} in all ${labels.length} rows; with one class there is nothing to tell apart`,
    );
  }
  const isAmount = [...classes].some(
    (value) => !Number.isInteger(value) && typeof value === "number",
  );
  if (isAmount && classes.size > MOST_FRACTIONS) {
    throw refuse(
      `has ${classes.size} different numbers with fractions: that is an amount and not a class; cut it into classes first`,
    );
  }
  if (classes.size > labels.length / 2) {
    throw refuse(
      `has ${classes.size} different values in ${labels.length} rows: hardly two rows share a class; name another column`,
    );
  }
  return [...values];
}

function countClasses(labels: readonly (string | number)[]): ReadTable["classes"] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return [...counts]
    .map(([name, rows]) => ({ name, rows }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

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
