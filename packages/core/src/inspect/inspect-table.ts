// A file -> what it holds. No row is kept longer than it takes to count it, and nothing is said of
// networks.

import type { TableSource } from "../spec/table-source.ts";
import { unknownColumn } from "../tables/column-roles.ts";
import type {
  NumberColumn,
  RawColumn,
  RawTable,
  Reading,
  ReadProgress,
  TextColumn,
} from "../tables/columns/raw-table.ts";
import { TableError } from "../tables/errors.ts";
import { categories } from "../tables/read-column.ts";
import { readLabels } from "../tables/read-labels.ts";
import { readRawTable, type TableFile } from "../tables/read-raw-table.ts";
import { readPlan } from "../tables/read-table.ts";
import { columnCorrelations } from "./correlations.ts";
import type { InspectedColumn, Inspection, TargetFacts, TextFacts } from "./inspection.ts";
import { numberFacts } from "./number-facts.ts";
import { standsOut } from "./stands-out.ts";
import { correlationRatio, cramersV } from "./tells.ts";

export interface InspectOptions {
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** @throws TableError for what cannot be read; what reading the pieces throws */
export async function inspectTable(
  file: TableFile,
  source: TableSource,
  { onProgress }: InspectOptions = {},
): Promise<Inspection> {
  const plan = readPlan(file.name, source);
  const readings = (names: readonly string[]) => readingsOf(file.name, names, source);
  return inspectionOf(await readRawTable(file, { ...plan, readings, onProgress }), source);
}

/** All columns, or those that are named; text where the source says so. */
function readingsOf(table: string, names: readonly string[], source: TableSource): Reading[] {
  const { target, features, drop = [], categorical = {} } = source;
  const named = { target: target === undefined ? [] : [target], features: features ?? [], drop };
  for (const [option, columns] of Object.entries({
    ...named,
    categorical: Object.keys(categorical),
  })) {
    const unknown = columns.find((column) => !names.includes(column));
    if (unknown !== undefined) throw unknownColumn(table, option, unknown, names);
  }
  const kept = new Set(features === undefined ? names : [...features, ...named.target]);
  return names.map((name) => {
    if (drop.includes(name) || !kept.has(name)) return "skip";
    return name === target || Object.hasOwn(categorical, name) ? "text" : "infer";
  });
}

export function inspectionOf(raw: RawTable, source: TableSource): Inspection {
  const target = raw.columns.find(({ name }) => name === source.target);
  const classes = target === undefined ? undefined : categories(target);
  const columns = raw.columns.map((column) =>
    inspected(column, raw, column === target ? undefined : classes, column === target),
  );
  const numbers = raw.columns.filter(
    (column): column is NumberColumn => column.kind === "number" && column !== target,
  );
  const inspection = {
    version: 1,
    name: raw.name,
    format: raw.format,
    rows: raw.rows,
    columns,
    target: target === undefined ? null : targetFacts(raw, target),
    correlations: columnCorrelations(numbers, raw.rows),
    notes: [...raw.notes, ...commas(raw.columns)],
  } as const;
  return { ...inspection, standsOut: standsOut(inspection) };
}

function commas(columns: readonly RawColumn[]): string[] {
  const read = columns.filter((column) => column.kind === "number" && column.decimalComma);
  const names = read.map(({ name }) => name).join(", ");
  return names === "" ? [] : [`Read with a comma before fractions: ${names}.`];
}

function inspected(
  column: RawColumn,
  raw: RawTable,
  classes: ReturnType<typeof categories> | undefined,
  isTarget: boolean,
): InspectedColumn {
  const { name } = column;
  if (column.kind === "number") {
    const { numbers, missing, distinct } = numberFacts(column, raw.placeOf);
    const tells = classes === undefined ? null : correlationRatio(column.values, classes.codes);
    return { name, isTarget, missing, distinct, tells, ...(numbers ? { numbers } : {}) };
  }
  const { texts, missing, distinct } = textFacts(column);
  const tells = classes === undefined ? null : cramersV(column, classes);
  return { name, isTarget, missing, distinct, tells, texts };
}

/** More levels are counted. */
const LISTED_LEVELS = 20;

function textFacts({ levels, codes, overflow }: TextColumn) {
  const counts = new Int32Array(levels.length);
  let missing = 0;
  for (const code of codes) {
    if (code === -1) missing++;
    else counts[code]++;
  }
  const sorted = levels
    .map((text, code) => ({ text, rows: counts[code] }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1));
  const texts: TextFacts = overflow
    ? { levels: [], more: null }
    : {
        levels: sorted.slice(0, LISTED_LEVELS),
        more: Math.max(0, sorted.length - LISTED_LEVELS),
      };
  return { texts, missing, distinct: overflow ? null : sorted.length };
}

function targetFacts(raw: RawTable, column: RawColumn): TargetFacts {
  const { levels, codes } = categories(column);
  const counts = new Int32Array(levels.length);
  for (const code of codes) if (code !== -1) counts[code]++;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const all = levels.map((name, code) => ({ name, rows: counts[code] }));
  return {
    name: column.name,
    missing: raw.rows - rows,
    classes: all.sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1)),
    refused: refusal(raw, column),
  };
}

function refusal(raw: RawTable, column: RawColumn): string | null {
  try {
    readLabels(raw, column);
    return null;
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return error.message;
  }
}
