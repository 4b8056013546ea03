// What `clab sweep` is given, as a sweep with the tables and weights that its spec names: a sweep
// file, or a spec and parameters on the command line.

import { dirname, resolve } from "node:path";
import {
  isSweep,
  keysWithoutMeaning,
  parseSpec,
  parseSweep,
  presetSweep,
  type Sweep,
  type SweepPreset,
  type Tables,
  type WeightsTable,
} from "@convergence-lab/core";
import { CliError } from "../errors.ts";
import { locatingProblems, readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import type { TableFileOptions } from "../table-file.ts";
import { parseSet } from "./set-option.ts";

export interface SweepSourceOptions extends TableFileOptions {
  /** A spec, or a sweep. */
  readonly file: string;
  /** Of a sweep that does not name its spec. */
  readonly spec?: string | undefined;
  readonly variant?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly preset?: SweepPreset | undefined;
  readonly method?: string | undefined;
  readonly metric?: string | undefined;
  readonly runCap?: number | undefined;
  readonly seeds?: number | undefined;
  readonly seed?: number | undefined;
  readonly chunk?: number | undefined;
  readonly name?: string | undefined;
}

export interface SweepSource {
  readonly sweep: Sweep;
  readonly tables: Tables;
  readonly weights: WeightsTable;
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws CliError and ProblemsError with the places of what is wrong in the files. */
export async function readSweep(options: SweepSourceOptions): Promise<SweepSource> {
  const { file: path, spec: specPath, set = [] } = options;
  const file = readSpecFile(path);
  const written = isSweepFile(file.source) ? file.source : undefined;
  const base = baseFile(file, written, specPath);
  const { spec, ...files } = await readSpecTables(base, options);
  const flags = flagFields(options);
  const { preset } = options;
  const ready =
    preset === undefined
      ? { spec }
      : await locatingProblems(base, () => presetSweep(preset, parseSpec(spec), files));
  const locating = locatingBoth(file, written === undefined ? undefined : base);
  return locatingProblems(locating, () => {
    const start: Fields & { parameters?: Fields } = { ...written, ...ready };
    const parameters = { ...start.parameters };
    for (const [name, parameter] of set.map(parseSet)) parameters[name] = parameter;
    if (Object.keys(parameters).length === 0 && preset === undefined) {
      throw new CliError(
        "CLI_USAGE",
        `${path} is a spec and nothing says what is varied; add --set train.learningRate=log(1e-4,1,7), or --preset.`,
      );
    }
    const source = { method: usualMethod(parameters), ...start, ...flags, parameters };
    return { sweep: parseSweep(source), ...files, notes: notesOf(written) };
  });
}

function isSweepFile(source: unknown): source is Fields {
  if (isSweep(source)) return true;
  return typeof source === "object" && source !== null && "spec" in source;
}

/** The file in which the spec stands: its own, the sweep's, or the given one. */
function baseFile(
  file: SpecFile,
  sweep: Fields | undefined,
  specPath: string | undefined,
): SpecFile {
  if (sweep === undefined) {
    if (specPath === undefined) return file;
    throw new CliError("CLI_USAGE", `${file.path} is a spec already; leave out --spec.`);
  }
  if (specPath !== undefined) return readSpecFile(specPath);
  const { spec } = sweep;
  if (typeof spec === "string") return readSpecFile(resolve(dirname(file.path), spec));
  if (spec !== undefined) {
    return { ...file, source: spec, locate: (path) => file.locate(["spec", ...path]) };
  }
  throw new CliError(
    "CLI_USAGE",
    `${file.path} is a sweep, which varies a network; name the spec of it with spec: in the file, or --spec.`,
  );
}

/** A problem's place: in the spec's file or in the sweep's. */
function locatingBoth(file: SpecFile, base: SpecFile | undefined): SpecFile {
  return {
    ...file,
    locate(path) {
      if (path[0] === "spec") return (base ?? file).locate(path.slice(1));
      return base === undefined ? "--set" : file.locate(path);
    },
  };
}

function flagFields({
  variant,
  method,
  metric,
  runCap,
  seeds,
  seed,
  chunk,
  name,
}: SweepSourceOptions): Fields {
  const given = {
    variant,
    method,
    metric: metric === undefined ? undefined : { name: metric },
    run_cap: runCap,
    seeds,
    seed,
    chunk,
    name,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** All combinations where all are lists, draws where one is a range. */
function usualMethod(parameters: Fields): string {
  const isRange = (parameter: unknown) =>
    typeof parameter === "object" && parameter !== null && "distribution" in parameter;
  return Object.values(parameters).some(isRange) ? "random" : "grid";
}

function notesOf(written: Fields | undefined): string[] {
  const keys = written === undefined ? [] : keysWithoutMeaning(written);
  return keys.length === 0 ? [] : [`Without meaning here: ${keys.join(", ")}.`];
}
