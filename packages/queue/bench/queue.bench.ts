// What the queue carries, on a real redis-server of its own, with workers that sleep:
//   npx tsx --conditions=source packages/queue/bench/queue.bench.ts [--quick] [--write docs/scale.md]
//
// Redis, the workers and the follower share this machine's cores, so that every rate is one that a
// queue on a machine of its own exceeds. Results are checked before a time is printed.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { type QueuedSweep, SweepQueue } from "../src/index.ts";
import { startRedis } from "../test/redis-server.ts";
import { resultText } from "./result-text.ts";

const { quick: isQuick = false, write } = parseArgs({
  options: { quick: { type: "boolean" }, write: { type: "string" } },
}).values;
const TRIALS = 64;
const PROCESSES = 4;

const table = ["| what | time | |", "| --- | --- | --- |"];

const server = await startRedis();
const redis = new Redis(server.url);
const queue = await SweepQueue.open(server.url);
try {
  await passing(isQuick ? 500 : 5_000);
  for (const machines of isQuick ? [1, 100] : [1, 10, 50, 100]) await machinesAt(machines);
  await merging(isQuick ? 100 : 1_563);
  const version = /redis_version:(\S+)/.exec(await redis.info("server"))?.[1];
  const [{ model }] = cpus();
  const where = `redis-server ${version}, Node ${process.versions.node}, ${cpus().length} cores of ${model.trim()}.`;
  const text = `${table.join("\n")}\n\n${where}`;
  console.log(text);
  if (write !== undefined) writeInto(write, text);
} finally {
  await queue.close();
  redis.disconnect();
  await server.stop();
}

/** Chunks that nobody trains: the most that goes through. */
async function passing(chunks: number): Promise<void> {
  const sweep = sweepOf("passing", chunks);
  const added = await timed(() => queue.add(sweep, new Set()));
  print(`add ${chunks} chunks`, added, `${rate(chunks, added)} chunks/s`);
  const workers = await startWorkers(PROCESSES, 8, 0);
  const seconds = await timed(() => followed(sweep));
  await stop(workers);
  print(
    `pass ${chunks} chunks of ${TRIALS} trials, none trained`,
    seconds,
    `${rate(chunks, seconds)} chunks/s`,
  );
  await redis.flushall();
}

/** So many machines, each of which needs a second for a chunk, against one that needs no queue. */
async function machinesAt(machines: number): Promise<void> {
  const secondsPerChunk = 1;
  const rounds = isQuick ? 5 : 20;
  const sweep = sweepOf(`machines-${machines}`, machines * rounds);
  await queue.add(sweep, new Set());
  const workers = await startWorkers(machines, 1, secondsPerChunk);
  const cpuBefore = await cpuSeconds();
  const seconds = await timed(() => followed(sweep));
  const busy = ((await cpuSeconds()) - cpuBefore) / seconds;
  await stop(workers);
  const ideal = rounds * secondsPerChunk;
  print(
    `${machines} machines, ${sweep.chunks} chunks of ${secondsPerChunk} s`,
    seconds,
    `${percent(ideal / seconds)} of ideal; redis-server uses ${percent(busy)} of a core`,
  );
  await redis.flushall();
}

/** What a follower needs for results that lie there, without the disk. */
async function merging(chunks: number): Promise<void> {
  const sweep = sweepOf("merging", chunks);
  await queue.add(sweep, new Set());
  const workers = await startWorkers(PROCESSES, 8, 0);
  while ((await queue.status()).sweeps[0].done < chunks) await setTimeout(200);
  await stop(workers);
  const memory = /used_memory:(\d+)/.exec(await redis.info("memory"))?.[1];
  const seconds = await timed(() => followed(sweep));
  const trials = chunks * TRIALS;
  print(
    `read ${trials.toLocaleString("en")} trials of ${chunks} chunks`,
    seconds,
    `${rate(trials, seconds)} trials/s; they lie in ${Math.round(Number(memory) / 2 ** 20)} MiB of redis-server`,
  );
  const released = await timed(() => queue.release(sweep));
  print(`release ${chunks} chunks`, released, `${rate(chunks, released)} chunks/s`);
}

function sweepOf(name: string, chunks: number): QueuedSweep {
  return { name, hash: name, chunks, payload: "{}" };
}

async function followed(sweep: QueuedSweep): Promise<void> {
  const seen = new Set<number>();
  for await (const { chunk, text } of queue.results(sweep, new Set())) {
    if (seen.has(chunk) || text !== resultText(chunk, TRIALS))
      throw new Error(`chunk ${chunk} is wrong`);
    seen.add(chunk);
  }
  if (seen.size !== sweep.chunks) throw new Error(`${seen.size} of ${sweep.chunks} chunks came`);
}

/** Workers of this bench in a few processes, all of them there before this returns. */
async function startWorkers(
  workers: number,
  concurrency: number,
  seconds: number,
): Promise<ChildProcess[]> {
  const processes = Math.min(PROCESSES, workers);
  const file = join(import.meta.dirname, "workers.ts");
  const started = Array.from({ length: processes }, (_, i) => {
    const share = Math.floor(workers / processes) + (i < workers % processes ? 1 : 0);
    const numbers = [share, concurrency, seconds, TRIALS].map(String);
    const args = ["--conditions=source", "--import", "tsx", file, server.url, ...numbers];
    return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  });
  while ((await queue.status()).workers.length < workers) await setTimeout(100);
  return started;
}

async function stop(workers: readonly ChildProcess[]): Promise<void> {
  const closed = workers.map((worker) => new Promise((resolve) => worker.on("close", resolve)));
  for (const worker of workers) worker.kill("SIGTERM");
  await Promise.all(closed);
}

async function cpuSeconds(): Promise<number> {
  const info = await redis.info("cpu");
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return of("used_cpu_user") + of("used_cpu_sys");
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1_000;
}

function rate(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function print(what: string, seconds: number, says: string): void {
  table.push(`| ${what} | ${seconds.toFixed(2)} s | ${says} |`);
  console.error(table.at(-1));
}

/** In the place of what an earlier run wrote. */
function writeInto(path: string, text: string): void {
  const page = readFileSync(path, "utf8");
  const marks = /<!-- queue\.bench -->.*<!-- end of queue\.bench -->/s;
  if (!marks.test(page)) throw new Error(`${path} has no place for the table`);
  writeFileSync(
    path,
    page.replace(marks, () => `<!-- queue.bench -->\n${text}\n<!-- end of queue.bench -->`),
  );
}
