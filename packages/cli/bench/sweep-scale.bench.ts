// What a sweep of many trials costs beside its training: planning it, writing it in shards, merging
// them, and telling the result; with --report also reporting it, with a page and a table of every
// network. The trials are made up, and their lines are as long as real ones.
//
//   npx tsx --conditions=source packages/cli/bench/sweep-scale.bench.ts [--report] [trials ...]
//
// Each size runs in a process of its own, whose peak memory is the operating system's number.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  chunkCount,
  chunkId,
  chunkRange,
  chunksOfShard,
  drawTrial,
  parseSweep,
  type Sweep,
  type SweepReport,
  SweepSummary,
  summaryText,
  type TrialCurve,
  type TrialRecord,
  trialCount,
  uniformAt,
} from "@convergence-lab/core";
import { merge } from "../src/commands/merge.ts";
import { report } from "../src/commands/report.ts";
import {
  placedCurvesOf,
  recordsOf,
  SweepFolder,
  sweepFolderPath,
} from "../src/sweep/sweep-folder.ts";

const SIZES = [12_500, 25_000, 50_000, 100_000];
const SHARDS = 100;
const NETWORKS = 5;

interface Measured {
  readonly trials: number;
  readonly planMs: number;
  readonly shardsMs: number;
  readonly mergeMs: number;
  readonly tellMs: number;
  /** 0 without --report. */
  readonly reportMs: number;
  readonly megabytes: number;
  readonly peakMegabytes: number;
}

const words = process.argv.slice(2);
const isReported = words.includes("--report");
const sizes = words.filter((word) => !word.startsWith("--")).map(Number);
if (words.includes("--one")) {
  process.stdout.write(JSON.stringify(await measure(sizes[0])));
} else {
  printTable((sizes.length > 0 ? sizes : SIZES).map(measuredAlone));
}

function measuredAlone(trials: number): Measured {
  const self = fileURLToPath(import.meta.url);
  const flags = ["--one", ...(isReported ? ["--report"] : [])];
  const args = [...process.execArgv, self, ...flags, String(trials)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.slice(stdout.lastIndexOf("{"))) as Measured;
}

async function measure(trials: number): Promise<Measured> {
  const out = mkdtempSync(join(tmpdir(), "clab-scale-"));
  try {
    const sweep = sweepOf(trials);
    const planMs = timed(() => {
      for (let index = 0; index < trialCount(sweep); index++) drawTrial(sweep, index);
    });
    const folders: string[] = [];
    const shardsMs = timed(() => {
      for (let index = 0; index < SHARDS; index++) {
        const shard = { index, count: SHARDS, from: "bench" };
        const path = sweepFolderPath(out, sweep, shard);
        writeShard(path, sweep, shard);
        folders.push(path);
      }
    });
    const whole = join(out, "whole");
    const started = performance.now();
    const code = await merge({ folders, out: whole, json: true, quiet: true });
    const mergeMs = performance.now() - started;
    if (code !== 0) throw new Error(`merge ended with ${code}`);
    check(sweep, whole);
    const tellMs = timed(() => {
      const summary = new SweepSummary(sweep);
      for (const record of recordsOf(whole)) summary.add(record);
      summaryText(sweep, summary);
    });
    const reportMs = isReported ? await timedReport(whole, out) : 0;
    const sizeOf = (name: string) => statSync(join(whole, name)).size;
    const megabytes = (sizeOf("trials.jsonl") + sizeOf("curves.jsonl")) / 1e6;
    const peakMegabytes = process.resourceUsage().maxRSS / 1e3;
    return { trials, planMs, shardsMs, mergeMs, tellMs, reportMs, megabytes, peakMegabytes };
  } finally {
    rmSync(out, { recursive: true });
  }
}

function sweepOf(trials: number): Sweep {
  return parseSweep({
    method: "random",
    run_cap: trials,
    seeds: NETWORKS,
    spec: {
      name: "scale",
      data: {
        source: {
          kind: "numpy",
          features: { rand: [200, 10] },
          labels: { randint: { low: 0, high: 2, size: 200 } },
        },
        split: { testSize: 0.2 },
      },
      model: {
        layers: [
          { units: 16, activation: "relu" },
          { units: 1, activation: "sigmoid" },
        ],
      },
      train: { loss: "binaryCrossentropy", epochs: 20 },
    },
    parameters: {
      learning_rate: { distribution: "log_uniform_values", min: 1e-4, max: 1 },
      batch_size: { values: [16, 32, 64] },
      units: { distribution: "int_uniform", min: 4, max: 64 },
      optimizer: { values: ["adam", "sgd"] },
      momentum: { distribution: "uniform", min: 0, max: 0.99, when: { optimizer: "sgd" } },
    },
  });
}

function writeShard(
  path: string,
  sweep: Sweep,
  shard: Parameters<typeof sweepFolderPath>[2],
): void {
  const folder = SweepFolder.open(path, sweep, { fresh: false, retry: undefined }, () => {});
  const engine = { name: "cpu", adapter: "none", reason: "made up", versions: {} } as const;
  for (const chunk of chunksOfShard(sweep, shard!)) {
    const { first, end } = chunkRange(sweep, chunk);
    const records = Array.from({ length: end - first }, (_, i) => madeUp(sweep, first + i));
    const curves = records.map(curveOf);
    folder.add(chunk, { id: chunkId(sweep, chunk), records, curves, engine, modelSteps: 0 }, 0);
  }
  folder.close();
}

/** A record with as many networks and digits as a real one. */
function madeUp(sweep: Sweep, index: number): TrialRecord {
  const runs = Array.from({ length: NETWORKS }, (_, trainingSeed) => {
    const at = (place: number) => uniformAt(trainingSeed, index, place);
    const metrics = { loss: at(0), accuracy: at(1), valLoss: at(2), valAccuracy: at(3) };
    const common = {
      trainingSeed,
      dataSeed: 0,
      state: "complete",
      epochs: 20,
      steps: 100,
    } as const;
    return { ...common, final: metrics, best: metrics, bestEpoch: 19 };
  });
  const value = runs.reduce((sum, { final }) => sum + final.valLoss, 0) / NETWORKS;
  const { id, params } = drawTrial(sweep, index);
  const outcome = { state: "complete", value, epochs: 20 } as const;
  return { index, id, ...outcome, params, engine: "cpu", adapter: "none", runs };
}

/** A curve with as many points and digits as a real one. */
function curveOf({ index, id, epochs }: TrialRecord): TrialCurve {
  const column = (stream: number) =>
    Array.from({ length: epochs }, (_, i) => Number(uniformAt(stream, index, i).toPrecision(4)));
  const medians = {
    ...{ loss: column(0), accuracy: column(1) },
    ...{ valLoss: column(2), valAccuracy: column(3) },
  };
  return { index, id, epochs: Array.from({ length: epochs }, (_, i) => i + 1), medians };
}

/** With every file but MLflow's; the table must have a line per network. */
async function timedReport(whole: string, out: string): Promise<number> {
  const file = (name: string) => join(out, name);
  const files = {
    exportHtml: file("r.html"),
    exportJson: file("r.json"),
    exportCsv: file("r.csv"),
  };
  const started = performance.now();
  const code = await report({ runs: [whole], json: true, ...files });
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`report ended with ${code}`);
  const { sweeps } = JSON.parse(readFileSync(files.exportJson, "utf8")) as SweepReport;
  const { finished, total } = sweeps[0].trials;
  let lines = 0;
  for (const byte of readFileSync(files.exportCsv)) if (byte === 10) lines++;
  if (finished !== total || lines !== 1 + total * NETWORKS) throw new Error(`${lines} lines`);
  return ms;
}

/** Every trial once, in order. */
function check(sweep: Sweep, whole: string): void {
  let next = 0;
  for (const { index } of recordsOf(whole)) {
    if (index !== next++) throw new Error(`trial ${index} stands in the place of ${next - 1}`);
  }
  if (next !== trialCount(sweep)) throw new Error(`${next} of ${trialCount(sweep)} trials`);
  let curves = 0;
  for (const { index } of placedCurvesOf(whole)) {
    if (index !== curves++) throw new Error(`curve ${index} stands in the place of ${curves - 1}`);
  }
  if (curves !== trialCount(sweep)) throw new Error(`${curves} of ${trialCount(sweep)} curves`);
  const lines = readFileSync(join(whole, "chunks.jsonl"), "utf8").trimEnd().split("\n");
  if (lines.length !== chunkCount(sweep)) throw new Error(`${lines.length} chunks`);
}

function timed(action: () => void): number {
  const started = performance.now();
  action();
  return performance.now() - started;
}

function printTable(rows: readonly Measured[]): void {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const report = isReported ? ["report"] : [];
  const head = ["trials", "plan", "write in 100 shards", "merge", "tell", ...report];
  console.log(`| ${[...head, "files", "peak memory"].join(" | ")} |`);
  console.log(`|${" --- |".repeat(head.length + 2)}`);
  for (const row of rows) {
    const { trials, planMs, shardsMs, mergeMs, tellMs, reportMs, megabytes, peakMegabytes } = row;
    const times = [planMs, shardsMs, mergeMs, tellMs, ...(isReported ? [reportMs] : [])];
    console.log(
      `| ${trials.toLocaleString("en")} | ${times.map(seconds).join(" | ")} | ${megabytes.toFixed(0)} MB | ${peakMegabytes.toFixed(0)} MB |`,
    );
  }
}
