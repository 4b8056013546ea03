// clab sweep: trains the trials of a sweep, chunk after chunk, into a folder that the same command
// goes on with, whatever ended it.

import {
  chunkCount,
  chunkRange,
  chunksOfShard,
  type Dataset,
  drawTrial,
  type EngineInfo,
  runsPerTrial,
  type Sweep,
  SweepSummary,
  summaryText,
  sweepHash,
  sweepWords,
  trialCount,
  trialsOfShard,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { type Interrupt, onInterrupt } from "../interrupt.ts";
import { EnginePool } from "../runners/engine-pool.ts";
import { type EnginesRequest, openEngines } from "../runners/open-engines.ts";
import { sameCommand } from "../same-command.ts";
import { locatingProblems } from "../spec-file.ts";
import { fromQueue, type SweepWork } from "../sweep/from-queue.ts";
import { type GivenShard, shardOf } from "../sweep/shard-option.ts";
import { SweepFolder, sweepFolderPath } from "../sweep/sweep-folder.ts";
import { sweepJson } from "../sweep/sweep-json.ts";
import { type SweepProgress, silentSweep, sweepProgress } from "../sweep/sweep-progress.ts";
import { readSweep, type SweepSourceOptions } from "../sweep/sweep-source.ts";
import { trainChunks } from "../sweep/train-chunks.ts";
import { note, writeOut } from "../terminal.ts";

export interface SweepCommandOptions extends SweepSourceOptions, EnginesRequest {
  readonly shard?: string | undefined;
  /** Others train, and this follows. */
  readonly queue?: string | undefined;
  readonly out: string;
  readonly retry?: "failed" | "all" | undefined;
  readonly fresh: boolean;
  readonly plan: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

export async function sweep(options: SweepCommandOptions): Promise<number> {
  checkOptions(options);
  const source = await readSweep(options);
  const shard = shardOf(options.shard, process.env);
  if (!options.quiet) [...source.notes, ...outline(source.sweep, shard)].forEach(note);
  if (options.plan) {
    await writePlan(source.sweep, shard);
    return EXIT.ran;
  }
  const summary = new SweepSummary(source.sweep);
  const path = sweepFolderPath(options.out, source.sweep, shard);
  const folder = SweepFolder.open(path, source.sweep, options, (record) => summary.add(record));
  try {
    return await trainAndTell({ source, shard, folder, summary }, options);
  } finally {
    folder.close();
  }
}

function checkOptions(options: SweepCommandOptions): void {
  const { runCap, seeds, seed, chunk, shard, queue } = options;
  if (shard !== undefined && queue !== undefined) {
    throw new CliError("CLI_USAGE", "a queue divides a sweep by itself; leave out --shard.");
  }
  for (const [name, count, least] of [
    ["--run-cap", runCap, 1],
    ["--seeds", seeds, 1],
    ["--chunk", chunk, 1],
    ["--seed", seed, 0],
  ] as const) {
    if (count !== undefined && !(Number.isInteger(count) && count >= least)) {
      throw new CliError(
        "CLI_USAGE",
        `${name} is ${count}; it must be a whole number from ${least}.`,
      );
    }
  }
}

/** What there is to do, and which part of it this process does. */
function outline(sweep: Sweep, shard: GivenShard | undefined): string[] {
  const [trials, chunks] = [trialCount(sweep), chunkCount(sweep)];
  const networks = trials * runsPerTrial(sweep);
  const whole = `${sweep.name}: ${many(trials, "trial")}, ${many(networks, "network")}, ${many(chunks, "chunk")}; sweep ${sweepHash(sweep).slice(0, 16)}`;
  if (shard === undefined) return [whole];
  const { index, count, from } = shard;
  const own = Math.max(0, Math.ceil((chunks - index) / count));
  return [
    whole,
    `Shard ${index + 1} of ${count} (${from}): ${many(own, "chunk")} ${[index, index + count, index + 2 * count].filter((chunk) => chunk < chunks).join(", ")}${own > 3 ? ", ..." : ""} of 0 to ${chunks - 1}; ${many(trialsOfShard(sweep, shard), "trial")}.`,
  ];
}

function many(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** A line of JSON per trial: what would be trained, and in which chunk. */
async function writePlan(sweep: Sweep, shard: GivenShard | undefined): Promise<void> {
  for (const chunk of chunksOf(sweep, shard)) {
    const { first, end } = chunkRange(sweep, chunk);
    let lines = "";
    for (let index = first; index < end; index++) {
      const { id, params } = drawTrial(sweep, index);
      lines += `${JSON.stringify({ index, id, chunk, params })}\n`;
    }
    await writeOut(lines);
  }
}

function chunksOf(sweep: Sweep, shard: GivenShard | undefined): Iterable<number> {
  return chunksOfShard(sweep, shard ?? { index: 0, count: 1 });
}

async function trainAndTell(work: SweepWork, options: SweepCommandOptions): Promise<number> {
  const { source, shard, folder, summary } = work;
  const total = shard ? trialsOfShard(source.sweep, shard) : trialCount(source.sweep);
  const chunks = [...chunksOf(source.sweep, shard)].filter((chunk) => !folder.isSettled(chunk));
  const { queue } = options;
  const interrupt = onInterrupt(queue && "The queue goes on, and is no longer followed from here.");
  const progress = progressOf(source.sweep, summary, total, options.quiet);
  try {
    if (queue !== undefined) await fromQueue(work, progress, interrupt, { ...options, queue });
    else if (chunks.length > 0) await train(work, chunks, progress, interrupt, options);
  } catch (error) {
    // The disk is full, or a defect: what is written is written.
    if (summary.finished > 0) {
      note(`${summary.finished} of ${many(total, "trial")} are in ${folder.path}`);
      note(`go on with: ${resumeCommand()}`);
    }
    throw error;
  } finally {
    interrupt.release();
  }
  const isComplete = summary.finished >= total;
  if (!isComplete && interrupt.signal.aborted) {
    note(`Interrupted: ${summary.finished} of ${many(total, "trial")} are in ${folder.path}`);
    note(`resume with: ${resumeCommand()}`);
    return EXIT.interrupted;
  }
  await tell(work, total, options);
  if (isComplete) return EXIT.ran;
  const untried = [...chunksOf(source.sweep, shard)].filter((chunk) => !folder.isSettled(chunk));
  note(`Incomplete: ${many(folder.failed.size, "chunk")} failed, ${untried.length} not tried.`);
  note(`try them again with: ${resumeCommand("--retry", "failed")}`);
  return EXIT.incomplete;
}

/** The same command without what would start over. */
function resumeCommand(...more: readonly string[]): string {
  const args = process.argv.slice(2);
  const kept = args.filter(
    (arg, i) => arg !== "--fresh" && !arg.startsWith("--retry") && args[i - 1] !== "--retry",
  );
  return sameCommand([...kept, ...more], process.env);
}

async function train(
  { source, shard, folder, summary }: SweepWork,
  chunks: readonly number[],
  progress: SweepProgress,
  { signal }: Interrupt,
  options: SweepCommandOptions,
): Promise<void> {
  const { sweep, tables, weights } = source;
  const given = { tables, weights, datasets: new Map<string, Dataset>() };
  const words = await locatingProblems(undefined, () => sweepWords(sweep, given));
  const engines = await openEngines({ ...options, words });
  const pool = new EnginePool(engines, ({ info }, { message }) => {
    progress.end();
    note(`One of the hosts on ${info.adapter} is left out: ${message}`);
  });
  try {
    const [{ info }] = engines;
    const { adapters, size } = pool;
    if (!options.quiet) note(`${info.name} engine, ${adapters}. ${info.reason}`);
    tellOtherAdapter(folder, info);
    const part = shard === undefined ? {} : { shard: { index: shard.index, count: shard.count } };
    folder.writeEnvironment({ version: 1, engine: info, hosts: size, ...part });
    progress.start(`${info.name}, ${adapters}`);
    await trainChunks(pool, { sweep, chunks, given, folder, summary, progress, signal });
  } finally {
    progress.end();
    await pool.dispose();
  }
}

function progressOf(
  { name, metric }: Sweep,
  summary: SweepSummary,
  total: number,
  isQuiet: boolean,
): SweepProgress {
  if (isQuiet) return silentSweep;
  return sweepProgress(() => ({
    name,
    total,
    done: summary.finished,
    best: summary.best[0],
    metric: metric.name,
  }));
}

/** Lines of two adapters may stand in one folder; their reader should know. */
function tellOtherAdapter(folder: SweepFolder, info: EngineInfo): void {
  const before = folder.trainedBy;
  if (before === undefined || arithmetic(before) === arithmetic(info)) return;
  note(
    `The trials in ${folder.path} were trained on ${arithmetic(before)}: the numbers of these agree with theirs within rounding, and not to the bit. Each line names its adapter.`,
  );
}

function arithmetic({ name, adapter, arithmetic: own = adapter }: EngineInfo): string {
  return `${name}, ${own}`;
}

async function tell(
  { source, folder, summary }: SweepWork,
  total: number,
  { json, quiet }: SweepCommandOptions,
): Promise<void> {
  const { sweep } = source;
  await writeOut(
    json ? sweepJson(sweep, summary, folder.path, total) : summaryText(sweep, summary),
  );
  if (!quiet) note(`Trials: ${folder.path}/trials.jsonl`);
}
