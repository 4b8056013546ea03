// What clab convert reads: a spec, a network's file, or a sweep, each as a spec with the files that it
// names.

import { basename, dirname, extname } from "node:path";
import {
  isSweep,
  type ModelWeights,
  modelAlone,
  modelSpec,
  sweepVariants,
  type Tables,
  tableKey,
  type WeightsTable,
  weightsKey,
} from "@convergence-lab/core";
import { givenTraining, plainName, type SubjectOptions } from "../diagnose/subject.ts";
import { CliError } from "../errors.ts";
import { readText } from "../files.ts";
import { readModelFile } from "../model-file.ts";
import type { OutputKind } from "../model-out.ts";
import { locatingProblems, readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import { readTableFile } from "../table-file.ts";
import { describedTable } from "../table-options.ts";

export interface SourceOptions extends Omit<SubjectOptions, "data" | "model"> {
  readonly input: string;
  /** A table that the model is for. */
  readonly data?: string | undefined;
}

export interface Source {
  readonly spec: unknown;
  readonly tables: Tables;
  readonly weights: WeightsTable;
  /** The folder that paths in the spec are relative to. */
  readonly base: string;
  readonly file?: SpecFile;
  /** Columns that reach the network, where no table says it. */
  readonly inputs?: number | undefined;
  /** Whether a table has still to be named. */
  readonly isAlone?: boolean;
  readonly notes: readonly string[];
}

/** @param kind What it is to become: weights are kept in some forms only. */
export async function readSource(options: SourceOptions, kind: OutputKind): Promise<Source> {
  const { input } = options;
  if (!isSpecFile(input)) return modelSource(options, kind);
  const file = readSpecFile(input);
  if (isSweep(file.source)) return sweepSource(file, file.source, options);
  // A spec is written as it stands; for anything else its files are read.
  const base = dirname(input);
  if (kind === "spec") {
    return { spec: file.source, tables: new Map(), weights: new Map(), base, file, notes: [] };
  }
  return { ...(await readSpecTables(file)), base, file, notes: [] };
}

/** YAML is a spec or a sweep; JSON is one by its keys, and most often a model. */
function isSpecFile(path: string): boolean {
  const ending = extname(path).toLowerCase();
  if (ending !== ".json") return ending === ".yaml" || ending === ".yml";
  try {
    const source: unknown = JSON.parse(readText(path));
    if (typeof source !== "object" || source === null) return false;
    return "train" in source || isSweep(source);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function modelSource(options: SourceOptions, kind: OutputKind): Promise<Source> {
  const { input, data } = options;
  const [file, given] = [basename(input), givenTraining({ ...options, data: "", model: input })];
  const read =
    data === undefined ? undefined : await readTableFile(data, describedTable(data, options));
  const facts = read && { rows: read.table.rows, classes: read.classes.length };
  const { model, digest } = readModelFile(input, facts);
  // A file of a network keeps its weights; a spec draws them, unless it is said otherwise.
  const isKept = options.initialWeights === true || (kind !== "spec" && kind !== "python");
  const startFrom = model.weights && isKept ? { path: input, digest } : undefined;
  const weights = new Map<string, ModelWeights>(
    startFrom === undefined ? [] : [[weightsKey(startFrom), model.weights!]],
  );
  const use = { name: plainName(input), file, given, startFrom };
  const made = read === undefined ? modelAlone(model, use) : modelSpec(model, read, use);
  const { spec, notes, taken } = made;
  return {
    spec,
    tables: new Map(read === undefined ? [] : [[tableKey(read.source), read.table]]),
    weights,
    base: ".",
    inputs: model.inputShape?.reduce((product, size) => product * size, 1),
    isAlone: read === undefined,
    // A model's file says nothing of how long it is trained either.
    notes: kind === "spec" || kind === "python" ? [...notes, ...taken] : notes,
  };
}

/** The combinations of a sweep as variants of the spec that --spec names. */
async function sweepSource(
  file: SpecFile,
  sweep: Parameters<typeof sweepVariants>[0],
  options: SourceOptions,
): Promise<Source> {
  const { input, spec: path } = options;
  if (path === undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${input} is a sweep, which varies a network; name the spec of it with --spec.`,
    );
  }
  const base = readSpecFile(path);
  const { variants, notes } = await locatingProblems(file, () => sweepVariants(sweep, base.source));
  const spec = { ...(base.source as object), variants };
  return { spec, tables: new Map(), weights: new Map(), base: dirname(path), notes };
}
