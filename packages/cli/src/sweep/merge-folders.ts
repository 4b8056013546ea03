// Folders of one sweep as one: every trial once, in the order of the sweep, which is what one process
// would have written. Lines are copied as they are, and only their places are held.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  chunkCount,
  chunkRange,
  type Sweep,
  SweepSummary,
  sweepHash,
  trialCount,
} from "@convergence-lab/core";
import { isSoftwareAdapter } from "@convergence-lab/engine-webgpu";
import { CliError } from "../errors.ts";
import { CurveLines } from "./curve-lines.ts";
import { type JsonLines, LineReader } from "./json-lines.ts";
import {
  type ChunkLine,
  chunkLinesOf,
  isSweepFolder,
  placedRecordsOf,
  sweepDifference,
  sweepOfFolder,
  trialsFile,
} from "./sweep-folder.ts";

/** The folders that are meant: themselves, or the sweeps that lie in them. */
export function sweepFoldersAt(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const folders = sweepsAt(path);
    if (folders.length > 0) return folders;
    throw new CliError(
      "CLI_FILE_UNREADABLE",
      `cannot read ${path}: ${existsSync(path) ? "it is no folder of a sweep, and holds none" : "there is no such folder"}.`,
    );
  });
}

/** Whether it is a folder of a sweep, or holds some. */
export function holdsSweeps(path: string): boolean {
  return sweepsAt(path).length > 0;
}

function sweepsAt(path: string): string[] {
  if (isSweepFolder(path)) return [path];
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(path)
    .map((name) => join(path, name))
    .filter(isSweepFolder);
}

/** The one sweep that all folders are of. */
export function commonSweep(folders: readonly string[]): Sweep {
  const [first, ...others] = folders;
  const sweep = sweepOfFolder(first);
  for (const folder of others) {
    const other = sweepOfFolder(folder);
    if (sweepHash(other) === sweepHash(sweep)) continue;
    throw new CliError(
      "CLI_OTHER_SWEEP",
      `${folder} is of another sweep than ${first}:\n${sweepDifference(sweep, other)}\nOnly parts of one sweep are merged. Nothing was written.`,
    );
  }
  return sweep;
}

export interface Merged {
  readonly summary: SweepSummary;
  /** Trials of each folder that were not there yet, in the order of the folders. */
  readonly taken: readonly number[];
  /** Chunks of which trials are missing. */
  readonly missing: readonly number[];
  /** Trials that were trained on two adapters, of which the first stands. */
  readonly elsewhere: number;
}

/** The files that are written. */
export interface MergeOut {
  readonly trials: JsonLines;
  readonly curves: JsonLines;
}

/**
 * Adds all trials and their curves to `out` and tells what they come to.
 *
 * @throws CliError when two folders tell other numbers of a trial on the same engine and adapter.
 */
export function mergeTrials(folders: readonly string[], sweep: Sweep, out: MergeOut): Merged {
  const count = trialCount(sweep);
  const places = {
    folder: new Int32Array(count).fill(-1),
    offset: new Float64Array(count),
    bytes: new Int32Array(count),
  };
  const readers = folders.map((folder) =>
    existsSync(trialsFile(folder)) ? new LineReader(trialsFile(folder)) : undefined,
  );
  try {
    const summary = new SweepSummary(sweep);
    let elsewhere = 0;
    const lineAt = (index: number) =>
      readers[places.folder[index]]!.at(places.offset[index], places.bytes[index]);
    const taken = folders.map((folder, i) => {
      let own = 0;
      for (const { record, offset, bytes } of placedRecordsOf(folder)) {
        const { index } = record;
        if (index >= count) continue;
        if (places.folder[index] !== -1) {
          if (lineAt(index) === readers[i]!.at(offset, bytes)) continue;
          const before = JSON.parse(lineAt(index)) as typeof record;
          if (before.engine === record.engine && before.adapter === record.adapter) {
            throw new CliError(
              "CLI_FILE_UNREADABLE",
              `trial ${index} is not the same in ${folders[places.folder[index]]} and ${folder}, on one engine and adapter (${record.engine}, ${record.adapter}); one of the files was changed. Nothing was merged.`,
            );
          }
          elsewhere++;
          continue;
        }
        places.folder[index] = i;
        places.offset[index] = offset;
        places.bytes[index] = bytes;
        summary.add(record);
        own++;
      }
      return own;
    });
    writeInOrder(count, (i) => (places.folder[i] === -1 ? undefined : lineAt(i)), out.trials);
    const curves = new CurveLines(folders, count, (i, folder) => places.folder[i] === folder);
    try {
      writeInOrder(count, (i) => curves.lineOf(i), out.curves);
    } finally {
      curves.close();
    }
    const missing = missingChunks(sweep, places.folder);
    return { summary, taken, missing, elsewhere };
  } finally {
    for (const reader of readers) reader?.close();
  }
}

/** Lines that are on their way to the disk together. */
const LINES_AT_ONCE = 1000;

/** The lines of the trials that have one. */
function writeInOrder(
  trials: number,
  lineOf: (trial: number) => string | undefined,
  out: JsonLines,
): void {
  let lines: string[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const line = lineOf(trial);
    if (line !== undefined) lines.push(line);
    if (lines.length < LINES_AT_ONCE) continue;
    out.append(lines);
    lines = [];
  }
  out.append(lines);
}

function missingChunks(sweep: Sweep, folderOf: Int32Array): number[] {
  return Array.from({ length: chunkCount(sweep) }, (_, chunk) => chunk).filter((chunk) => {
    const { first, end } = chunkRange(sweep, chunk);
    return folderOf.subarray(first, end).includes(-1);
  });
}

/**
 * How long chunks took, unless some were trained on a GPU and some on a software adapter or the CPU:
 * their numbers agree, and their times have nothing to do with each other.
 */
export function mergedTimes(folders: readonly string[]): ChunkLine[] | undefined {
  const lines = folders.flatMap((folder) => [...chunkLinesOf(folder)]);
  const kinds = new Set(
    lines.flatMap((line) => (line.state === "trained" ? [isOnGpu(line.engine, line.adapter)] : [])),
  );
  if (kinds.size > 1) return undefined;
  return lines.filter(({ state }) => state === "trained").sort((a, b) => a.chunk - b.chunk);
}

function isOnGpu(engine: string, adapter: string): boolean {
  return engine !== "cpu" && !/wasm|cpu/i.test(adapter) && !isSoftwareAdapter(adapter);
}
