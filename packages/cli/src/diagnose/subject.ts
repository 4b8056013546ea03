// What is to be diagnosed: a table, with a spec's network or a beginner's; or a spec with its data.

import { basename, dirname, extname } from "node:path";
import {
  beginnerSpec,
  type ReadTable,
  specText,
  type TableSource,
  type Tables,
  tableKey,
} from "@convergence-lab/core";
import { CliError } from "../errors.ts";
import { readText } from "../files.ts";
import { readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import { readTableFile, STDIN } from "../table-file.ts";
import { describedTable, type TableOptions, tableOptions } from "../table-options.ts";

export interface SubjectOptions extends TableOptions {
  readonly data: string;
  readonly spec?: string | undefined;
  readonly quiet?: boolean | undefined;
}

export interface Subject {
  readonly spec: unknown;
  readonly tables: Tables;
  /** The user's own spec, which problems, annotations and patches are about. */
  readonly file?: SpecFile;
  /** The text that a patch is made in: the user's own, or what a beginner would write. */
  readonly text: string;
  /** The folder that the table's path is relative to. */
  readonly base: string;
  /** How the table was read, a sentence each. */
  readonly notes: readonly string[];
}

/** @throws CliError, TableError, ProblemsError */
export async function readSubject(options: SubjectOptions): Promise<Subject> {
  if (isSpec(options)) return ownData(options);
  const { data } = options;
  const read = await readTableFile(data, describedTable(data, options), options);
  const tables = new Map([[tableKey(read.source), read.table]]);
  const notes = tableNotes(data === STDIN ? "standard input" : data, read);
  if (options.spec === undefined) {
    const name = data === STDIN ? "table" : basename(data).replace(/(\.[a-z]+)+$/i, "");
    const spec = beginnerSpec(name, read);
    return { spec, tables, text: specText(spec), base: ".", notes };
  }
  const file = readSpecFile(options.spec);
  const spec = withSource(file.source, read.source);
  return { spec, tables, file, text: file.text, base: ".", notes };
}

/** JSON may be either; a spec has parts that no table of records or columns has. */
function isSpec(options: SubjectOptions): boolean {
  const extension = extname(options.data).toLowerCase();
  if ([".yaml", ".yml"].includes(extension)) return true;
  if (extension !== ".json" || options.target !== undefined) return false;
  try {
    const value = JSON.parse(readText(options.data)) as object | null;
    return value !== null && !Array.isArray(value) && ("model" in value || "train" in value);
  } catch {
    return false;
  }
}

async function ownData(options: SubjectOptions): Promise<Subject> {
  const { data, spec } = options;
  const others = { spec, ...tableOptions(options) };
  const given = Object.entries(others).find(([, value]) => value !== undefined);
  if (given !== undefined) {
    throw new CliError(
      "CLI_USAGE",
      `--${given[0]} goes with a table, and ${data} is a spec with its own data; write it into the spec.`,
    );
  }
  const file = readSpecFile(data);
  return {
    ...(await readSpecTables(file, options)),
    file,
    text: file.text,
    base: dirname(data),
    notes: [],
  };
}

/** The spec on the table's rows, whatever its own data say. */
function withSource(spec: unknown, source: TableSource): unknown {
  const { data, ...rest } = (spec ?? {}) as { readonly data?: object };
  return { ...rest, data: { ...data, source } };
}

const LISTED = 8;

function tableNotes(path: string, read: ReadTable): string[] {
  const { table, source, features, classes, withoutLabel, notes } = read;
  const shares = classes.slice(0, LISTED).map(({ name, rows }) => `${name} ${rows}`);
  const more = classes.length > LISTED ? ` and ${classes.length - LISTED} more` : "";
  const categories = features.filter(({ kind }) => kind !== "number");
  const numbers = features.length - categories.length;
  const gaps = features.filter(({ missing }) => missing > 0);
  return [
    `${path}: ${table.rows} rows, ${features.length} columns to learn from; ${source.target} is ${shares.join(", ")}${more}.`,
    ...(numbers === 0 ? [] : [`Read as numbers: ${numbers} columns.`]),
    ...listed("Read as categories", categories, ({ name, levels }) => `${name} (${levels.length})`),
    ...listed("Cells missing", gaps, ({ name, missing }) => `${name} ${missing}`),
    ...(withoutLabel === 0 ? [] : [`Left out: ${withoutLabel} rows without a ${source.target}.`]),
    ...notes,
  ];
}

function listed<T>(title: string, items: readonly T[], text: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length > LISTED ? ` and ${items.length - LISTED} more` : "";
  return [`${title}: ${items.slice(0, LISTED).map(text).join(", ")}${more}.`];
}
