// What is to be diagnosed: a table, with a spec's network, a Keras file's or a beginner's; or a spec
// with its data.

import { basename, dirname, extname, resolve } from "node:path";
import {
  beginnerSpec,
  didYouMean,
  type GivenTraining,
  modelSpec,
  type ReadTable,
  specText,
  type TableSource,
  type Tables,
  TRAINING_WORDS,
  tableKey,
  type WeightsTable,
  weightsKey,
  withWeights,
} from "@convergence-lab/core";
import { CliError } from "../errors.ts";
import { readText } from "../files.ts";
import { readModelFile, readWeightsFile } from "../model-file.ts";
import { readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import { readTableFile, STDIN } from "../table-file.ts";
import { describedTable, type TableOptions, tableOptions } from "../table-options.ts";

export interface SubjectOptions extends TableOptions, Omit<GivenTraining, "loss" | "optimizer"> {
  readonly data: string;
  readonly spec?: string | undefined;
  /** A file with a network of Keras. */
  readonly model?: string | undefined;
  /** Whether every network starts from the model's weights. */
  readonly initialWeights?: boolean | undefined;
  readonly loss?: string | undefined;
  readonly optimizer?: string | undefined;
  readonly quiet?: boolean | undefined;
}

export interface Subject {
  readonly spec: unknown;
  readonly tables: Tables;
  readonly weights: WeightsTable;
  /** The user's own spec, which problems, annotations and patches are about. */
  readonly file?: SpecFile;
  /** The text that a patch is made in: the user's own, or what a beginner would write. */
  readonly text: string;
  /** The folder that the table's path is relative to. */
  readonly base: string;
  /** How the table was read, a sentence each. */
  readonly notes: readonly string[];
}

/** @throws CliError, TableError, ModelError, ProblemsError */
export async function readSubject(options: SubjectOptions): Promise<Subject> {
  const given = givenTraining(options);
  if (isSpec(options)) return ownData(options);
  const { data } = options;
  const read = await readTableFile(data, describedTable(data, options), options);
  const tables = new Map([[tableKey(read.source), read.table]]);
  const notes = tableNotes(data === STDIN ? "standard input" : data, read);
  if (options.model !== undefined) {
    return modelSubject(options.model, read, { given, ...options }, notes);
  }
  if (options.spec === undefined) {
    const name = data === STDIN ? "table" : plainName(data);
    const spec = beginnerSpec(name, read);
    return { spec, tables, weights: new Map(), text: specText(spec), base: ".", notes };
  }
  const file = readSpecFile(options.spec);
  const { spec, weights } = withWeights(withSource(file.source, read.source), (path) =>
    readWeightsFile(resolve(dirname(file.path), path)),
  );
  return { spec, tables, weights, file, text: file.text, base: ".", notes };
}

/** A model's network on the rows of a table. */
function modelSubject(
  path: string,
  read: ReadTable,
  { given, initialWeights = false }: { given: GivenTraining; initialWeights?: boolean | undefined },
  notes: readonly string[],
): Subject {
  const facts = { rows: read.table.rows, classes: read.classes.length };
  const { model, digest } = readModelFile(path, facts);
  const [file, startFrom] = [basename(path), initialWeights ? { path, digest } : undefined];
  if (initialWeights && model.weights === undefined) {
    throw new CliError("CLI_USAGE", `--initial-weights: ${file} holds a network without weights.`);
  }
  const {
    spec,
    notes: left,
    taken,
  } = modelSpec(model, read, {
    name: plainName(path),
    file,
    given,
    startFrom,
  });
  return {
    spec,
    tables: new Map([[tableKey(read.source), read.table]]),
    weights: new Map(startFrom ? [[weightsKey(startFrom), model.weights!]] : []),
    text: specText(spec),
    base: ".",
    notes: [...notes, ...left, ...taken],
  };
}

/** A file's name without its endings. */
export function plainName(path: string): string {
  return basename(path).replace(/(\.[a-z0-9]+)+$/i, "");
}

/** What only a model leaves open: a spec says it itself. */
const TRAINING = [
  "epochs",
  "batchSize",
  "learningRate",
  "loss",
  "optimizer",
  "initialWeights",
] as const;

export function givenTraining(options: SubjectOptions): GivenTraining {
  if (options.model !== undefined && options.spec !== undefined) {
    throw new CliError("CLI_USAGE", "--model and --spec each name a network; give one of them.");
  }
  const stray = TRAINING.find((name) => options[name] !== undefined);
  if (options.model === undefined && stray !== undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${flagOf(stray)} goes with --model, whose file does not say it; a spec does.`,
    );
  }
  for (const name of ["epochs", "batchSize"] as const) {
    const count = options[name];
    if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
      throw new CliError(
        "CLI_USAGE",
        `${flagOf(name)} is ${count}; it must be a whole number from 1.`,
      );
    }
  }
  const { epochs, batchSize, learningRate } = options;
  if (learningRate !== undefined && !(learningRate > 0)) {
    throw new CliError("CLI_USAGE", `--learning-rate is ${learningRate}; it must be above 0.`);
  }
  const [loss, optimizer] = [wordOf("loss", options), wordOf("optimizer", options)];
  return { epochs, batchSize, learningRate, loss, optimizer };
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function wordOf<Setting extends "loss" | "optimizer">(
  setting: Setting,
  options: SubjectOptions,
): GivenTraining[Setting] {
  const words: readonly string[] = TRAINING_WORDS[setting];
  const word = options[setting];
  if (word === undefined || words.includes(word)) return word as GivenTraining[Setting];
  throw new CliError(
    "CLI_USAGE",
    `--${setting} is ${JSON.stringify(word)}; it must be one of ${words.join(", ")}.${didYouMean(word, words)}`,
  );
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
  const { data, spec, model } = options;
  const others = { spec, model, ...tableOptions(options) };
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
