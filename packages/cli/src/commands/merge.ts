// clab merge: the folders of a sweep's shards as one folder, which is what one process would have
// written.

import { existsSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { chunkCount, type Sweep, summaryText, sweepHash, trialCount } from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { makeFolder, writeFile, writing } from "../files.ts";
import { lockFolder } from "../sweep/folder-lock.ts";
import { JsonLines } from "../sweep/json-lines.ts";
import {
  commonSweep,
  type Merged,
  mergedTimes,
  mergeTrials,
  sweepFoldersAt,
} from "../sweep/merge-folders.ts";
import { FILES, isSweepFolder, sweepOfFolder } from "../sweep/sweep-folder.ts";
import { sweepJson } from "../sweep/sweep-json.ts";
import { note, writeOut } from "../terminal.ts";

export interface MergeOptions {
  readonly folders: readonly string[];
  readonly out: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

export async function merge(options: MergeOptions): Promise<number> {
  const { out, quiet } = options;
  const folders = sweepFoldersAt(options.folders);
  const sweep = commonSweep(folders);
  // What the folder holds already counts as another part.
  const parts = [...folders, ...partAt(out, sweep, folders)];
  makeFolder(out);
  const lock = lockFolder(out);
  try {
    const merged = writeMerged(parts, sweep, out);
    if (!quiet) tellParts(parts, sweep, merged);
    await tell(sweep, merged, options);
    if (!quiet) note(`Merged: ${join(out, FILES.trials)}`);
    return merged.missing.length === 0 ? EXIT.ran : EXIT.incomplete;
  } finally {
    lock.release();
  }
}

function partAt(out: string, sweep: Sweep, folders: readonly string[]): string[] {
  if (!isSweepFolder(out)) {
    if (existsSync(join(out, FILES.trials))) {
      throw new CliError(
        "CLI_USAGE",
        `--out ${out} has ${FILES.trials} of something that is no sweep; choose another folder.`,
      );
    }
    return [];
  }
  const other = sweepOfFolder(out);
  if (sweepHash(other) !== sweepHash(sweep)) {
    throw new CliError(
      "CLI_OTHER_SWEEP",
      `--out ${out} holds another sweep (${other.name}, ${sweepHash(other).slice(0, 8)}); choose another folder. Nothing was written.`,
    );
  }
  return folders.some((folder) => resolve(folder) === resolve(out)) ? [] : [out];
}

/** The new files take the place of the old ones at the end, so that none is ever half. */
function writeMerged(parts: readonly string[], sweep: Sweep, out: string): Merged {
  const draft = (name: string) => join(out, `${name}.draft`);
  const { trials, curves, chunks, sweep: sweepFile } = FILES;
  for (const name of [trials, curves, chunks]) {
    writing(out, () => rmSync(draft(name), { force: true }));
  }
  const lines = { trials: JsonLines.open(draft(trials)), curves: JsonLines.open(draft(curves)) };
  let merged: Merged;
  try {
    merged = mergeTrials(parts, sweep, lines);
  } finally {
    lines.trials.close();
    lines.curves.close();
  }
  const times = mergedTimes(parts);
  if (times === undefined) {
    note(
      "Some chunks were trained on a GPU and some on a CPU or a software adapter: their trials are merged, their times are left out.",
    );
  }
  writeFile(draft(chunks), (times ?? []).map((line) => `${JSON.stringify(line)}\n`).join(""));
  writeFile(draft(sweepFile), `${JSON.stringify(sweep, null, 2)}\n`);
  for (const name of [curves, trials, chunks, sweepFile]) {
    writing(out, () => renameSync(draft(name), join(out, name)));
  }
  return merged;
}

function tellParts(
  parts: readonly string[],
  sweep: Sweep,
  { taken, missing, elsewhere }: Merged,
): void {
  for (const [i, part] of parts.entries()) {
    note(`${part}: ${taken[i].toLocaleString("en")} trials`);
  }
  if (elsewhere > 0) {
    note(
      `${elsewhere.toLocaleString("en")} trials were trained on two adapters; the first folder's stand.`,
    );
  }
  if (missing.length === 0) return;
  const shown = missing.slice(0, 10).join(", ");
  const more = missing.length > 10 ? `, and ${missing.length - 10} more` : "";
  note(`Missing: ${missing.length} of ${chunkCount(sweep)} chunks (${shown}${more}).`);
  for (const count of shardCounts(parts)) {
    const shards = [...new Set(missing.map((chunk) => (chunk % count) + 1))].sort((a, b) => a - b);
    note(
      `Of ${count} shards, counted from 1: ${shards.join(", ")}; counted from 0: ${shards.map((shard) => shard - 1).join(", ")}.`,
    );
  }
}

/** Into how many shards the folders say that the sweep was divided. */
function shardCounts(parts: readonly string[]): number[] {
  const counts = parts.flatMap((part) => {
    const count = /-shard-\d+-of-(\d+)$/.exec(part)?.[1];
    return count === undefined ? [] : [Number(count)];
  });
  return [...new Set(counts)];
}

async function tell(sweep: Sweep, { summary }: Merged, { out, json }: MergeOptions): Promise<void> {
  await writeOut(
    json ? sweepJson(sweep, summary, out, trialCount(sweep)) : summaryText(sweep, summary),
  );
}
