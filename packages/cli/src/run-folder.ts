// The folder of one run, as design says: what was asked for, on what it ran, and what came out.
// Chunks of curves are written before the lines that name them, so a folder can be read whenever
// its run was stopped.

import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  assembleTrace,
  type Curves,
  contentHash,
  decodeCurves,
  type Environment,
  encodeCurves,
  parseSpec,
  type Report,
  type Spec,
  type Trace,
  type TraceRun,
  type Trial,
  trialLine,
} from "@convergence-lab/core";
import { CliError } from "./errors.ts";
import { makeFolder, readBytes, readText, writeFile, writing } from "./files.ts";

/** Finished runs are written at most this often. */
const FLUSH_MS = 1_000;

const FILES = {
  spec: "spec.resolved.json",
  environment: "environment.json",
  trials: "trials.jsonl",
  curves: "curves",
} as const;

/** `<name>-<hash8>`: equal specs have equal folders. */
export function runFolderName(spec: Spec): string {
  return `${spec.name}-${contentHash(spec).slice(0, 8)}`;
}

export class RunFolder {
  readonly path: string;
  #chunks = 0;
  #pending: TraceRun[] = [];
  #nextFlush = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /** An empty folder for a run that starts; what an earlier run of the same spec left is removed. */
  static create(path: string, spec: Spec, environment: Environment): RunFolder {
    makeFolder(path);
    writing(path, () => {
      for (const name of [...Object.values(FILES), "report.json", "report.html"]) {
        rmSync(join(path, name), { recursive: true, force: true });
      }
      mkdirSync(join(path, FILES.curves));
      writeFileSync(join(path, FILES.trials), "");
    });
    writeFile(join(path, FILES.spec), json(spec));
    writeFile(join(path, FILES.environment), json(environment));
    return new RunFolder(path);
  }

  /** The folder of an interrupted run, to add to. */
  static extend(path: string): RunFolder {
    const folder = new RunFolder(path);
    folder.#chunks = readdirSync(join(path, FILES.curves)).length;
    return folder;
  }

  add(run: TraceRun): void {
    this.#pending.push(run);
    if (performance.now() >= this.#nextFlush) this.flush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const chunk = String(this.#chunks++).padStart(4, "0");
    const curves = join(this.path, FILES.curves, `${chunk}.f32`);
    writing(curves, () => writeFileSync(curves, encodeCurves(this.#pending)));
    const lines = this.#pending.map((run) => `${trialLine(run, chunk)}\n`).join("");
    const trials = join(this.path, FILES.trials);
    writing(trials, () => appendFileSync(trials, lines));
    this.#pending = [];
    this.#nextFlush = performance.now() + FLUSH_MS;
  }
}

export function isRunFolder(path: string): boolean {
  return existsSync(join(path, FILES.environment));
}

/** The trace that a folder holds. */
export function readTrace(path: string): Trace {
  if (!isRunFolder(path)) {
    throw new CliError(
      "CLI_FILE_UNREADABLE",
      `cannot read ${path}: it is not a run folder, it has no ${FILES.environment}.`,
    );
  }
  // A diagnosis may be of a head that fits no loss.
  const spec = parseSpec(readJson(join(path, FILES.spec)), { allowUntrainable: true });
  const environment = readJson(join(path, FILES.environment)) as Environment;
  const trials = readTrials(join(path, FILES.trials));
  const curves = new Map<string, Curves>();
  for (const chunk of new Set(trials.map((trial) => trial.chunk))) {
    const file = join(path, FILES.curves, `${chunk}.f32`);
    for (const [run, columns] of reading(file, () => decodeCurves(readBytes(file)))) {
      curves.set(run, columns);
    }
  }
  return assembleTrace(spec, environment, trials, curves);
}

/** The report that lies in a folder; undefined where there is none. */
export function savedReport(path: string): Report | undefined {
  const file = join(path, "report.json");
  return existsSync(file) ? (readJson(file) as Report) : undefined;
}

function readTrials(path: string): Trial[] {
  const lines = readText(path).split("\n");
  // A line without its end was cut off while it was written; its run counts as not finished.
  lines.pop();
  return lines.map((line) => reading(path, () => JSON.parse(line) as Trial));
}

function readJson(path: string): unknown {
  return reading(path, () => JSON.parse(readText(path)));
}

function reading<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: ${(error as Error).message}`);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
