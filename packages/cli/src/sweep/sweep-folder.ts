// The folder of a sweep, or of one shard of it:
//
//   sweep.resolved.json   the sweep, its spec in it, defaults filled in
//   environment.json      engine, adapter, versions and shard of the process that wrote last
//   trials.jsonl          a line per trial, only ever added to: the same bytes whoever trains
//   curves.jsonl          a line per trial with its learning curve, in the same way
//   chunks.jsonl          a line per chunk with what differs: how long, on what; and what failed
//   lock.<host>.<pid>     while a process writes
//
// What is in it is done: the same command goes on with the rest.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type ChunkResult,
  chunkId,
  chunkRange,
  curveLine,
  type EngineInfo,
  parseCurve,
  parseRecord,
  recordLine,
  type Shard,
  type Sweep,
  sweepHash,
  type TrialRecord,
  trialCount,
} from "@convergence-lab/core";
import { createTwoFilesPatch } from "diff";
import { CliError } from "../errors.ts";
import { makeFolder, readText, writeFile, writing } from "../files.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { JsonLines, linesOf } from "./json-lines.ts";
import type { GivenShard } from "./shard-option.ts";

export const FILES = {
  sweep: "sweep.resolved.json",
  environment: "environment.json",
  trials: "trials.jsonl",
  curves: "curves.jsonl",
  chunks: "chunks.jsonl",
} as const;

/** A line of chunks.jsonl. */
export type ChunkLine = { readonly chunk: number; readonly id: string } & (
  | {
      readonly state: "trained";
      readonly trials: number;
      readonly modelSteps: number;
      readonly seconds: number;
      readonly engine: string;
      readonly adapter: string;
    }
  /** Nobody could train it: a device was lost again and again, for instance. */
  | { readonly state: "failed"; readonly error: string }
);

export interface SweepEnvironment {
  readonly version: 1;
  /** Absent where workers of a queue train; each line names its own. */
  readonly engine?: EngineInfo;
  /** Processes that hold one, where there are several. */
  readonly hosts?: number;
  /** Its address, without a password. */
  readonly queue?: string;
  /** Of a part; `index` is from 0. */
  readonly shard?: Shard;
}

export interface OpenOptions {
  /** Start over whatever the folder holds, and beside whatever folders of the same name hold. */
  readonly fresh: boolean;
  readonly retry?: "failed" | "all" | undefined;
}

export class SweepFolder {
  readonly path: string;
  readonly #sweep: Sweep;
  readonly #lock: FolderLock;
  readonly #trials: JsonLines;
  readonly #curves: JsonLines;
  readonly #chunks: JsonLines;
  /** A byte per trial. */
  readonly #isDone: Uint8Array;
  readonly #failed: Set<number>;

  private constructor(path: string, sweep: Sweep, lock: FolderLock) {
    this.path = path;
    this.#sweep = sweep;
    this.#lock = lock;
    this.#trials = JsonLines.open(join(path, FILES.trials));
    this.#curves = JsonLines.open(join(path, FILES.curves));
    this.#chunks = JsonLines.open(join(path, FILES.chunks));
    this.#isDone = new Uint8Array(trialCount(sweep));
    this.#failed = new Set();
  }

  /**
   * Makes the folder or opens it to go on.
   *
   * @param path As `sweepFolderPath` gives it.
   * @param onRecord Is told every trial that is done already.
   * @throws CliError when it cannot be written, another process writes into it, or there is a folder
   *   of the same name with another sweep.
   */
  static open(
    path: string,
    sweep: Sweep,
    { fresh, retry }: OpenOptions,
    onRecord: (record: TrialRecord) => void,
  ): SweepFolder {
    if (!fresh && !isSweepFolder(path)) refuseOtherSweep(path, sweep);
    makeFolder(path);
    const lock = lockFolder(path);
    try {
      if (fresh || retry === "all") removeResults(path);
      if (!isSweepFolder(path)) {
        writeWhole(join(path, FILES.sweep), `${JSON.stringify(sweep, null, 2)}\n`);
      }
      const folder = new SweepFolder(path, sweep, lock);
      folder.#readBack(onRecord);
      if (retry === "failed") folder.#failed.clear();
      return folder;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  isDone(trial: number): boolean {
    return this.#isDone[trial] === 1;
  }

  /** Whether a chunk has nothing left that is to be tried. */
  isSettled(chunk: number): boolean {
    return this.#failed.has(chunk) || this.isComplete(chunk);
  }

  isComplete(chunk: number): boolean {
    const { first, end } = chunkRange(this.#sweep, chunk);
    return !this.#isDone.subarray(first, end).includes(0);
  }

  /** Chunks that could not be trained. */
  get failed(): ReadonlySet<number> {
    return this.#failed;
  }

  /** Curves go first, so that a trial that is there has its curve. */
  add(chunk: number, result: ChunkResult, seconds: number): void {
    const { id, records, curves, engine, modelSteps } = result;
    const missing = records.filter(({ index }) => !this.isDone(index));
    const { size } = this.#curves;
    this.#curves.append(curves.filter(({ index }) => !this.isDone(index)).map(curveLine));
    try {
      this.#trials.append(missing.map(recordLine));
    } catch (error) {
      this.#curves.cut(size);
      throw error;
    }
    for (const { index } of missing) this.#isDone[index] = 1;
    this.#failed.delete(chunk);
    const { name, adapter } = engine;
    const trials = missing.length;
    this.#tell({ chunk, id, state: "trained", trials, modelSteps, seconds, engine: name, adapter });
  }

  addFailure(chunk: number, error: Error): void {
    this.#failed.add(chunk);
    const id = chunkId(this.#sweep, chunk);
    this.#tell({ chunk, id, state: "failed", error: error.message });
  }

  /** What trained the trials that are here; undefined before the first. */
  get trainedBy(): EngineInfo | undefined {
    const file = join(this.path, FILES.environment);
    if (!existsSync(file) || !this.#isDone.includes(1)) return undefined;
    return reading(file, 1, () => JSON.parse(readText(file)) as SweepEnvironment).engine;
  }

  writeEnvironment(environment: SweepEnvironment): void {
    writeWhole(join(this.path, FILES.environment), `${JSON.stringify(environment, null, 2)}\n`);
  }

  close(): void {
    this.#trials.close();
    this.#curves.close();
    this.#chunks.close();
    this.#lock.release();
  }

  #tell(line: ChunkLine): void {
    this.#chunks.append([JSON.stringify(line)]);
  }

  #readBack(onRecord: (record: TrialRecord) => void): void {
    for (const record of recordsOf(this.path)) {
      if (record.index >= this.#isDone.length || this.isDone(record.index)) continue;
      this.#isDone[record.index] = 1;
      onRecord(record);
    }
    this.#cutCurves();
    for (const { chunk, state } of chunkLinesOf(this.path)) {
      if (state === "failed") this.#failed.add(chunk);
      else this.#failed.delete(chunk);
    }
    for (const chunk of this.#failed) if (this.isComplete(chunk)) this.#failed.delete(chunk);
  }

  /** A process that ended between a chunk's curves and its trials left curves of no trial. */
  #cutCurves(): void {
    let end = 0;
    for (const { index, offset, bytes } of placedCurvesOf(this.path)) {
      if (this.isDone(index)) end = offset + bytes + 1;
    }
    this.#curves.cut(end);
  }
}

/** `<name>-<hash8>`, and for one of several shards which. */
export function sweepFolderPath(out: string, sweep: Sweep, shard?: GivenShard): string {
  const name = `${sweep.name}-${sweepHash(sweep).slice(0, 8)}`;
  return join(
    out,
    shard === undefined ? name : `${name}-shard-${shard.index + 1}-of-${shard.count}`,
  );
}

export function isSweepFolder(path: string): boolean {
  return existsSync(join(path, FILES.sweep));
}

/** The sweep that a folder is of. */
export function sweepOfFolder(path: string): Sweep {
  const file = join(path, FILES.sweep);
  try {
    return JSON.parse(readText(file)) as Sweep;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${file}: ${(error as Error).message}`);
  }
}

/** Every trial of a folder, one by one, in the order in which they were written. */
export function* recordsOf(path: string): Generator<TrialRecord, void> {
  for (const { record } of placedRecordsOf(path)) yield record;
}

export interface PlacedRecord {
  readonly record: TrialRecord;
  readonly offset: number;
  readonly bytes: number;
}

/** The same with the place of each line in the file that `trialsFile` names. */
export function* placedRecordsOf(path: string): Generator<PlacedRecord, void> {
  const file = trialsFile(path);
  if (!existsSync(file)) return;
  let line = 0;
  for (const { text, offset, bytes } of linesOf(file)) {
    line++;
    yield { record: reading(file, line, () => parseRecord(text)), offset, bytes };
  }
}

export function trialsFile(path: string): string {
  return join(path, FILES.trials);
}

export interface PlacedCurve {
  /** Of its trial. */
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Where the curves of a folder stand in the file that `curvesFile` names; folders may have none. */
export function* placedCurvesOf(path: string): Generator<PlacedCurve, void> {
  const file = curvesFile(path);
  if (!existsSync(file)) return;
  let line = 0;
  for (const { text, offset, bytes } of linesOf(file)) {
    line++;
    // All of a line is parsed where a curve is looked at; what is asked here is whose it is.
    const index = /^\{"index":(\d+),/.exec(text)?.[1];
    yield {
      index: Number(index ?? reading(file, line, () => parseCurve(text)).index),
      offset,
      bytes,
    };
  }
}

export function curvesFile(path: string): string {
  return join(path, FILES.curves);
}

export function* chunkLinesOf(path: string): Generator<ChunkLine, void> {
  const file = join(path, FILES.chunks);
  if (!existsSync(file)) return;
  let line = 0;
  for (const { text } of linesOf(file)) {
    line++;
    yield reading(file, line, () => JSON.parse(text) as ChunkLine);
  }
}

/** What differs between two sweeps, as a patch of at most so many lines. */
export function sweepDifference(before: Sweep, now: Sweep): string {
  const text = (sweep: Sweep) => `${JSON.stringify(sweep, null, 2)}\n`;
  const patch = createTwoFilesPatch("before", "now", text(before), text(now), "", "", {
    context: 1,
  });
  const lines = patch.split("\n").slice(3);
  const more = lines.length - MOST_DIFFERENT_LINES;
  return [...lines.slice(0, MOST_DIFFERENT_LINES), ...(more > 0 ? [`... ${more} lines more`] : [])]
    .join("\n")
    .trimEnd();
}

const MOST_DIFFERENT_LINES = 40;

/** A sweep that was changed has another folder; that is said before anything is trained anew. */
function refuseOtherSweep(path: string, sweep: Sweep): void {
  const [out, own] = [dirname(path), basename(path)];
  const ending = /(-shard-\d+-of-\d+)?$/.exec(own)![0];
  const names = existsSync(out) ? readdirSync(out) : [];
  const other = names.find((name) => {
    const stem = name.endsWith(ending) ? name.slice(0, name.length - ending.length) : name;
    return (
      name !== own &&
      stem.slice(0, -9) === sweep.name &&
      /^-[0-9a-f]{8}$/.test(stem.slice(-9)) &&
      isSweepFolder(join(out, name))
    );
  });
  if (other === undefined) return;
  const before = sweepOfFolder(join(out, other));
  throw new CliError(
    "CLI_OTHER_SWEEP",
    `${join(out, other)} holds another sweep of the name ${sweep.name}:\n${sweepDifference(before, sweep)}\nGive this one another name (name: in the file, or --name), or start it beside the other with --fresh. Nothing was changed.`,
  );
}

function removeResults(path: string): void {
  writing(path, () => {
    for (const name of Object.values(FILES)) rmSync(join(path, name), { force: true });
  });
}

/** All of the file or nothing: a process may end at any moment. */
function writeWhole(path: string, content: string): void {
  const draft = `${path}.draft`;
  writeFile(draft, content);
  writing(path, () => renameSync(draft, path));
}

function reading<T>(file: string, line: number, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new CliError(
      "CLI_FILE_UNREADABLE",
      `cannot read ${file}, line ${line}: ${(error as Error).message}`,
    );
  }
}
