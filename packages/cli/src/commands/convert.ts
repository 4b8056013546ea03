// clab convert: a network from one form into another. What reads it says which forms there are, and
// what the new form cannot say is told on stderr.

import { basename, dirname, extname } from "node:path";
import {
  isSweep,
  kerasCode,
  loadDatasets,
  type ModelWeights,
  modelAlone,
  modelSpec,
  parseSpec,
  resolveVariants,
  type SpecInput,
  specText,
  startingNetwork,
  sweepVariants,
  type Tables,
  tableKey,
  type WeightsTable,
  weightsKey,
} from "@convergence-lab/core";
import { movedSpec } from "../diagnose/exports.ts";
import {
  describedTable,
  givenTraining,
  plainName,
  type SubjectOptions,
} from "../diagnose/subject.ts";
import { CliError, EXIT } from "../errors.ts";
import { readText, writeFile } from "../files.ts";
import { readModelFile } from "../model-file.ts";
import { type OutputKind, outputKind, writeModelFile } from "../model-out.ts";
import { locatingProblems, readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import { readTableFile } from "../table-file.ts";
import { note } from "../terminal.ts";

export interface ConvertOptions extends Omit<SubjectOptions, "data" | "model"> {
  readonly input: string;
  readonly output: string;
  /** A table that the model is for. */
  readonly data?: string | undefined;
  readonly variant?: string | undefined;
}

export async function convert(options: ConvertOptions): Promise<number> {
  const { input, output } = options;
  const kind = outputKind(output);
  if (kind === "table")
    throw new CliError("CLI_USAGE", `${output} is a table; clab export writes it.`);
  const source = await readSource(options, kind);
  source.notes.forEach(note);
  await locatingProblems(source.file, () => write(source, kind, options));
  note(`${input} -> ${output}`);
  return EXIT.ran;
}

interface Source {
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

async function readSource(options: ConvertOptions, kind: OutputKind): Promise<Source> {
  const { input } = options;
  if (!isSpecFile(input)) return modelSource(options, kind);
  const file = readSpecFile(input);
  if (isSweep(file.source)) return sweepSource(file.source, options);
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

async function modelSource(options: ConvertOptions, kind: OutputKind): Promise<Source> {
  const { input, data } = options;
  const [file, given] = [basename(input), givenTraining({ ...options, data: "", model: input })];
  const read =
    data === undefined
      ? undefined
      : await readTableFile(data, describedTable({ ...options, data }));
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
function sweepSource(sweep: Parameters<typeof sweepVariants>[0], options: ConvertOptions): Source {
  const { input, spec: path } = options;
  if (path === undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${input} is a sweep, which varies a network; name the spec of it with --spec.`,
    );
  }
  const base = readSpecFile(path);
  const { variants, notes } = sweepVariants(sweep, parseSpec(base.source), basename(input));
  const spec = { ...(base.source as object), variants };
  return { spec, tables: new Map(), weights: new Map(), base: dirname(path), notes };
}

async function write(source: Source, kind: OutputKind, options: ConvertOptions): Promise<void> {
  const { output } = options;
  const parsed = parseSpec(source.spec, { allowUntrainable: true });
  if (kind === "spec") {
    const text = specText(seenFrom(output, parsed, source), Number.POSITIVE_INFINITY);
    const head = source.isAlone
      ? "# From a model: name your table and its column of classes in data.source.\n"
      : "";
    writeFile(output, head + text);
    return;
  }
  const variants = resolveVariants(parsed);
  const names = variants.map(({ name }) => name);
  const variant = variants.find(({ name }) => name === (options.variant ?? names[0]));
  if (variant === undefined || (options.variant === undefined && variants.length > 1)) {
    throw new CliError("CLI_USAGE", `choose one with --variant: ${names.join(", ")}.`);
  }
  const { data, model, train } = variant;
  if (kind === "python") {
    writeFile(
      output,
      kerasCode(seenFrom(output, { ...parsed, data, model, train, variants: {} }, source)),
    );
    return;
  }
  const inputs = source.isAlone
    ? source.inputs
    : columnsOf({ ...parsed, data, model, train }, source);
  if (inputs === undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${options.input} does not say how many columns its network takes; name a table with --data and --target.`,
    );
  }
  const network = startingNetwork(variant, inputs, { weights: source.weights });
  await writeModelFile(output, kind as "keras" | "keras-json" | "tfjs", variant, network);
}

/** Paths as seen from the new file; of a table that is still to be named there is none. */
function seenFrom(output: string, spec: SpecInput, source: Source): SpecInput {
  const moved = movedSpec(spec, source, output);
  return source.isAlone ? { ...moved, data: spec.data } : moved;
}

function columnsOf(spec: ReturnType<typeof parseSpec>, { tables }: Source): number {
  const one = { ...spec, variants: {}, claims: [], seeds: { training: 1, data: 1 } };
  const [dataset] = loadDatasets(one, tables).values();
  return dataset.columns.length;
}
