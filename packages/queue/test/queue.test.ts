// The queue on a real redis-server, with workers that train nothing.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type QueuedSweep,
  SweepQueue,
  type WorkEnd,
  type WorkOptions,
  workOn,
} from "../src/index.ts";
import { isRedisMissing, type RedisServer, startRedis } from "./redis-server.ts";

let server: RedisServer;
let queue: SweepQueue;
const cleanups: (() => Promise<unknown> | unknown)[] = [];

const sweepOf = (name: string, chunks: number): QueuedSweep => ({
  name,
  hash: `${name}0123456789abcdef`.slice(0, 16),
  chunks,
  payload: name,
});

const linesOf = ({ payload, chunks }: QueuedSweep) =>
  Array.from({ length: chunks }, (_, chunk) => `${payload} ${chunk}\n`);

/** All results of a sweep, by their chunk; a chunk that comes twice is an error. */
async function follow(sweep: QueuedSweep, merged: ReadonlySet<number> = new Set()) {
  const texts: string[] = [];
  for await (const { chunk, text } of queue.results(sweep, merged)) {
    expect(texts[chunk], `chunk ${chunk} came before`).toBeUndefined();
    texts[chunk] = text;
  }
  return texts;
}

/** A worker in this process. */
function work(options: Partial<WorkOptions> = {}): { end: Promise<WorkEnd>; stop(): void } {
  const controller = new AbortController();
  const end = workOn(server.url, {
    engine: "cpu",
    adapter: "Test Adapter 9000",
    concurrency: 1,
    // Longer than any machine keeps this process waiting: a chunk whose lock is gone is done again.
    lockSeconds: 60,
    untilEmpty: false,
    signal: controller.signal,
    train: async ({ payload }, chunk) => `${payload} ${chunk}\n`,
    ...options,
  });
  const stop = () => controller.abort();
  cleanups.push(async () => {
    stop();
    await end;
  });
  return { end, stop };
}

interface WorkerProcess {
  readonly started: number[];
  readonly done: number[];
  /** Once so many chunks are started. */
  hasStarted(chunks: number): Promise<void>;
  /** Ends with the chunk that it has started and not done. */
  kill(): Promise<number>;
}

/** @param chunks So many it does; with the next it stays, as with one that takes for ever. */
function workerProcess(chunks = Number.POSITIVE_INFINITY): WorkerProcess {
  const args = [
    "--conditions=source",
    "--import",
    "tsx",
    join(import.meta.dirname, "worker-process.ts"),
  ];
  const child = spawn(process.execPath, [...args, server.url, String(chunks)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  const started: number[] = [];
  const done: number[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [word, chunk] = line.split(" ");
    (word === "start" ? started : done).push(Number(chunk));
  });
  const end = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  cleanups.push(end);
  return {
    started,
    done,
    async hasStarted(chunks) {
      while (started.length < chunks) await setTimeout(2);
    },
    async kill() {
      await end();
      return started.at(-1)!;
    },
  };
}

describe.skipIf(isRedisMissing)("on a redis-server", () => {
  beforeAll(async () => {
    server = await startRedis();
    queue = await SweepQueue.open(server.url);
  });
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean();
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
  });
  afterAll(async () => {
    await queue?.close();
    await server?.stop();
  });

  test("of three workers two are killed in the middle of a chunk, and nothing is lost", async () => {
    const sweep = sweepOf("killed", 40);
    await queue.add(sweep, new Set());
    const [first, second] = [workerProcess(1), workerProcess(1)];
    const results = follow(sweep);
    await Promise.all([first, second].map((worker) => worker.hasStarted(2)));
    const third = workerProcess();
    await third.hasStarted(1);
    const lost = [await first.kill(), await second.kill()];
    expect(await results).toEqual(linesOf(sweep));
    expect(
      lost.filter((chunk) => first.done.includes(chunk) || second.done.includes(chunk)),
    ).toEqual([]);
    // The chunks that died with their workers were done by the one that was left.
    expect(third.done).toEqual(expect.arrayContaining(lost));
    const done = [first, second, third].flatMap((worker) => worker.done);
    expect(new Set(done).size).toBe(sweep.chunks);
  });

  test("a sweep that is added twice, or half of which is merged, is queued once", async () => {
    const sweep = sweepOf("twice", 12);
    const merged = new Set([0, 5, 11]);
    await queue.add(sweep, merged);
    await queue.add(sweep, merged);
    const { sweeps } = await queue.status();
    expect(sweeps).toEqual([
      {
        hash: sweep.hash,
        name: "twice",
        chunks: 12,
        done: 0,
        active: 0,
        waiting: 9,
        failed: 0,
        reasons: [],
      },
    ]);
    work();
    const texts = await follow(sweep, merged);
    expect(texts).toEqual(
      linesOf(sweep)
        .map((line, i) => (merged.has(i) ? undefined : line))
        .slice(0, 11),
    );
  });

  test("two sweeps in one queue do not mix", async () => {
    const sweeps = [sweepOf("left", 6), sweepOf("right", 7)];
    for (const sweep of sweeps) await queue.add(sweep, new Set());
    work({ concurrency: 3 });
    expect(await Promise.all(sweeps.map((sweep) => follow(sweep)))).toEqual(sweeps.map(linesOf));
  });

  test("a chunk that fails twice is done the third time", async () => {
    const sweep = sweepOf("thrice", 1);
    await queue.add(sweep, new Set());
    let attempts = 0;
    const worker = work({
      train: async () => {
        if (++attempts < 3) throw new Error("device lost");
        return "third";
      },
    });
    expect(await follow(sweep)).toEqual(["third"]);
    expect(attempts).toBe(3);
    worker.stop();
    expect(await worker.end).toEqual({ why: "stopped", done: 1 });
  });

  test("a wrong sweep fails at once, with its reason, and --retry failed gives it another chance", async () => {
    const sweep = sweepOf("wrong", 3);
    await queue.add(sweep, new Set());
    const attempts: number[] = [];
    let isWrong = true;
    work({
      isFinal: (error) => error instanceof RangeError,
      train: async ({ payload }, chunk) => {
        attempts.push(chunk);
        if (isWrong && chunk === 1) throw new RangeError("layers[0].units is 0");
        return `${payload} ${chunk}\n`;
      },
    });
    const [zero, one, two] = linesOf(sweep);
    expect(await follow(sweep)).toEqual([zero, undefined, two]);
    expect(attempts.filter((chunk) => chunk === 1)).toHaveLength(1);
    expect((await queue.status()).sweeps).toMatchObject([
      { done: 2, failed: 1, reasons: ["layers[0].units is 0"] },
    ]);
    isWrong = false;
    expect(await queue.retryFailed(sweep.hash)).toBe(1);
    expect(await follow(sweep, new Set([0, 2]))).toEqual([undefined, one]);
  });

  test("a worker that fails three times in a row leaves, and its adapter is named", async () => {
    const sweep = sweepOf("broken", 4);
    await queue.add(sweep, new Set());
    const broken = work({ train: () => Promise.reject(new Error("device lost")) });
    expect(await broken.end).toMatchObject({
      why: "failures",
      done: 0,
      error: { message: "device lost" },
    });
    const { sweeps, workers } = await queue.status();
    expect(workers).toMatchObject([
      { adapter: "Test Adapter 9000", done: 0, failed: 3, left: "device lost" },
    ]);
    // What it tried goes to a worker that is sound.
    expect(sweeps).toMatchObject([{ done: 0, failed: 0, waiting: 4 }]);
    work();
    expect(await follow(sweep)).toEqual(linesOf(sweep));
  });

  test("a failure names the adapter and the machine on which it happened", async () => {
    const sweep = sweepOf("named", 1);
    await queue.add(sweep, new Set());
    await work({ train: () => Promise.reject(new Error("device lost")) }).end;
    expect(await queue.reasons(sweep.hash)).toEqual([
      expect.stringMatching(/^device lost \(Test Adapter 9000 on .+\)$/),
    ]);
  });

  test("a worker that is stopped finishes its chunk and leaves the rest", async () => {
    const sweep = sweepOf("stopped", 5);
    await queue.add(sweep, new Set());
    const worker = work({
      train: async ({ payload }, chunk) => {
        worker.stop();
        await setTimeout(50);
        return `${payload} ${chunk}\n`;
      },
    });
    expect(await worker.end).toEqual({ why: "stopped", done: 1 });
    expect(await queue.status()).toMatchObject({
      sweeps: [{ done: 1, active: 0, waiting: 4 }],
      workers: [],
    });
  });

  test("a worker can end with the queue", async () => {
    const sweep = sweepOf("empty", 5);
    await queue.add(sweep, new Set());
    expect(await work({ untilEmpty: true }).end).toEqual({ why: "empty", done: 5 });
    expect(await follow(sweep)).toEqual(linesOf(sweep));
  });

  test("who follows later, or as well, has the results of a sweep that another merged", async () => {
    const sweep = sweepOf("merged", 5);
    await queue.add(sweep, new Set());
    await work({ untilEmpty: true }).end;
    await follow(sweep);
    await queue.release(sweep);
    expect((await queue.status()).sweeps).toEqual([]);
    const redis = new Redis(server.url);
    expect(await redis.keys("clab:chunks:*0123456789*")).toEqual([]);
    redis.disconnect();
    // No worker is there any more.
    await queue.add(sweep, new Set());
    expect(await follow(sweep)).toEqual(linesOf(sweep));
  });

  test("a queue that is emptied under its follower is filled again", async () => {
    const sweep = sweepOf("emptied", 8);
    await queue.add(sweep, new Set());
    const results = follow(sweep);
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
    work();
    expect(await results).toEqual(linesOf(sweep));
  });

  test("the status shows a worker while it works", async () => {
    const sweep = sweepOf("shown", 1);
    await queue.add(sweep, new Set());
    let go = () => {};
    const going = new Promise<void>((resolve) => {
      go = resolve;
    });
    work({ train: () => going.then(() => "done") });
    const shown = async () => (await queue.status()).sweeps[0].active === 1;
    while (!(await shown())) await setTimeout(20);
    expect((await queue.status()).workers).toMatchObject([
      { pid: process.pid, engine: "cpu", adapter: "Test Adapter 9000", left: null },
    ]);
    go();
    expect(await follow(sweep)).toEqual(["done"]);
  });
});

describe.skipIf(isRedisMissing)("a redis-server with a password", () => {
  const password = "p@ss:word/42";
  let locked: RedisServer;
  beforeAll(async () => {
    locked = await startRedis({ password });
  });
  afterAll(() => locked?.stop());

  test("takes the one in the address, which is shown nowhere", async () => {
    const open = await SweepQueue.open(locked.url);
    expect(await open.status()).toEqual({
      address: locked.url.replace(/:[^/]*@/, ""),
      sweeps: [],
      workers: [],
    });
    await open.close();
  });

  test.each(["", ":wrong-word@", "someone:wrong-word@"])("refuses %j", async (user) => {
    const url = locked.url.replace(/:[^/]*@/, user);
    await expect(SweepQueue.open(url)).rejects.toMatchObject({
      code: "QUEUE_UNREACHABLE",
      message: expect.stringMatching(/^(?!.*wrong-word).*refuses the user or the password/),
    });
  });
});

describe.skipIf(isRedisMissing)("a redis-server with TLS", () => {
  let encrypted: RedisServer;
  beforeAll(async () => {
    encrypted = await startRedis({ tls: true });
  });
  afterAll(() => encrypted?.stop());

  // That one which is trusted works is shown through the command line: a process learns of an
  // authority when it starts.
  test("whose certificate is not trusted is refused, and the way out is named", async () => {
    await expect(SweepQueue.open(encrypted.url)).rejects.toMatchObject({
      code: "QUEUE_UNREACHABLE",
      message: expect.stringMatching(/certificate that is not trusted here.*NODE_EXTRA_CA_CERTS/),
    });
  });

  test("is told from one without", async () => {
    await expect(SweepQueue.open(encrypted.url.replace("rediss", "redis"))).rejects.toMatchObject({
      code: "QUEUE_UNREACHABLE",
      message: expect.stringContaining("does not speak as its address says"),
    });
  });
});

test("an address where nothing listens is named, with what to install", async () => {
  await expect(SweepQueue.open("redis://:secret@127.0.0.1:1")).rejects.toMatchObject({
    code: "QUEUE_UNREACHABLE",
    message: expect.stringMatching(
      /^the queue at redis:\/\/127\.0\.0\.1:1 does not answer: .*redis-server/,
    ),
  });
});
