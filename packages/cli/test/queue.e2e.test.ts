// A sweep through a queue: a real redis-server, real workers of which two are killed, and the same
// lines as one process writes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { type ListedSweep, type QueueStatus, SweepQueue } from "@convergence-lab/queue";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isRedisMissing, type RedisServer, startRedis } from "../../queue/test/redis-server.ts";
import { denoRunner } from "../src/runners/deno.ts";
import { clab, type Options, startClab, temporaryFolder } from "./clab.ts";

const sweep = join(temporaryFolder(), "tiny.yaml");
writeFileSync(
  sweep,
  `name: tiny
spec:
  name: tiny
  data:
    source:
      kind: numpy
      features: { rand: [120, 6] }
      labels: { randint: { low: 0, high: 2, size: 120 } }
    split: { testSize: 0.25 }
  model: { layers: [{ units: 24, activation: relu }, { units: 1, activation: sigmoid }] }
  train: { loss: binaryCrossentropy, epochs: 60 }
  seeds: { training: 2 }
method: grid
parameters:
  train.learningRate: { values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3] }
  train.batchSize: { values: [8, 16, 32, 64] }
chunk: 4
`,
);
const TRIALS = 24;

/** A network that the cpu engine does not have. */
const convolution = join(temporaryFolder(), "convolution.yaml");
writeFileSync(
  convolution,
  `name: convolution
data:
  source:
    kind: numpy
    features: { rand: [40, 16] }
    labels: { randint: { low: 0, high: 2, size: 40 } }
model:
  inputShape: [4, 4, 1]
  layers:
    - { type: conv2d, filters: 2, kernelSize: 3, activation: relu }
    - { type: flatten }
    - { units: 1, activation: sigmoid }
train: { loss: binaryCrossentropy, epochs: 2 }
`,
);

/** The trials in the folder of a sweep, in their order, each with its curve. */
function trialsIn(out: string): string[] {
  const [folder] = readdirSync(out);
  const index = (line: string) => (JSON.parse(line) as { index: number }).index;
  const linesOf = (file: string) =>
    readFileSync(join(out, folder, file), "utf8")
      .trimEnd()
      .split("\n")
      .toSorted((a, b) => index(a) - index(b));
  const curves = linesOf("curves.jsonl");
  const trials = linesOf("trials.jsonl");
  expect(curves.map(index)).toEqual(trials.map(index));
  return trials.map((trial, i) => `${trial}\n${curves[i]}`);
}

async function trainedByOneProcess(): Promise<string[]> {
  const out = temporaryFolder();
  const { code, stderr } = await clab(["sweep", sweep, "--engine", "cpu", "--out", out]);
  expect(code, stderr).toBe(0);
  return trialsIn(out);
}

interface Worker {
  readonly done: number;
  /** Once it waits for chunks. */
  readonly ready: Promise<void>;
  readonly end: Promise<{ readonly code: number | null; readonly stderr: string }>;
  signal(signal: NodeJS.Signals): void;
}

const workers: Worker[] = [];

function startWorker(args: readonly string[], options: Options = {}): Worker {
  const engine = args.includes("--engine") ? [] : ["--engine", "cpu"];
  const child = startClab(["worker", ...engine, ...args], options);
  let done = 0;
  let stderr = "";
  let tellReady = () => {};
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr += `${line}\n`;
    if (line.startsWith("Working on ")) tellReady();
    if (line.endsWith("is done.")) done++;
  });
  child.stdout.on("data", (chunk) => expect.unreachable(`on stdout: ${chunk}`));
  const end = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stderr })),
  );
  const worker = {
    get done() {
      return done;
    },
    ready,
    end,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
  };
  workers.push(worker);
  return worker;
}

async function statusOf(url: string, options?: Options): Promise<QueueStatus> {
  const { code, stdout, stderr } = await clab(["status", "--queue", url, "--json"], options);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal("SIGKILL");
    await worker.end;
  }
});

describe.skipIf(isRedisMissing)("a queue", () => {
  let server: RedisServer;
  let alone: string[];
  beforeAll(async () => {
    server = await startRedis();
    alone = await trainedByOneProcess();
    expect(alone).toHaveLength(TRIALS);
  });
  afterAll(() => server?.stop());

  /** Once it is in the queue. */
  async function queued(name: string): Promise<ListedSweep> {
    for (;;) {
      const { sweeps } = await statusOf(server.url);
      const found = sweeps.find((each) => each.name === name);
      if (found !== undefined && found.waiting > 0) return found;
      await setTimeout(50);
    }
  }

  test("with three workers, two of which are killed at work, ends with the same lines", async () => {
    const out = temporaryFolder();
    // The last one, which finishes the sweep, in Deno. Chunks of the dead are to come back soon.
    const inDeno = { program: [denoRunner.find()!, "run", "-A"] };
    const args = ["--queue", server.url, "--lock-seconds", "5"];
    const three = [{}, {}, inDeno].map((options) => startWorker(args, options));
    // Who starts first would do it all.
    await Promise.all(three.map(({ ready }) => ready));
    const follower = clab(["sweep", sweep, "--queue", server.url, "--out", out]);
    for (const victim of three.slice(0, 2)) {
      while (victim.done === 0) await setTimeout(5);
      victim.signal("SIGKILL");
    }
    const { code, stdout, stderr } = await follower;
    expect(code, stderr).toBe(0);
    expect(stdout).not.toBe("");
    expect(trialsIn(out)).toEqual(alone);
    expect(three.every(({ done }) => done < TRIALS / 2)).toBe(true);
    expect((await statusOf(server.url)).sweeps).toEqual([]);
    three[2].signal("SIGINT");
    const { code: stopped, stderr: said } = await three[2].end;
    expect(stopped).toBe(130);
    expect(said).toContain(`Working on ${server.url}: cpu engine`);
  });

  test("is followed again after Ctrl-C, which stops nothing else", async () => {
    const out = temporaryFolder();
    const command = ["sweep", sweep, "--queue", server.url, "--out", out, "--name", "again"];
    const child = startClab(command);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const code = new Promise((resolve) => child.on("close", resolve));
    await queued("again");
    child.kill("SIGINT");
    expect(await code).toBe(130);
    expect(stderr).toContain("The queue goes on");
    expect(stderr).toMatch(/resume with: .* sweep .*--queue/);
    // Nobody follows while it is trained, and the worker ends with the queue.
    const { code: empty } = await startWorker(["--queue", server.url, "--until-empty"]).end;
    expect(empty).toBe(0);
    expect(await statusOf(server.url)).toMatchObject({
      sweeps: [{ name: "again", done: 12, chunks: 12, waiting: 0 }],
    });
    const again = await clab(command);
    expect(again.code, again.stderr).toBe(0);
    expect(trialsIn(out)).toEqual(alone);
  });

  test("whose workers cannot train a network says why, and goes on with --retry failed", async () => {
    const out = temporaryFolder();
    const command = ["sweep", sweep, "--queue", server.url, "--out", out, "--name", "wrong"];
    const follower = clab(command);
    const listed = await queued("wrong");
    // A sweep that is not the one of its name, as another version of clab might have it.
    const queue = await SweepQueue.open(server.url);
    await queue.add({ ...listed, payload: "{}" }, new Set());
    await queue.close();
    const worker = startWorker(["--queue", server.url]);
    const { code, stderr } = await follower;
    expect(code).toBe(5);
    expect(stderr).toContain("another version of clab");
    expect(stderr).toContain("--retry failed");
    const { sweeps } = await statusOf(server.url);
    expect(sweeps).toMatchObject([{ failed: 12, done: 0 }]);
    // It is the sweep's fault, not the worker's, which stays.
    worker.signal("SIGINT");
    expect((await worker.end).code).toBe(130);

    startWorker(["--queue", server.url]);
    const again = await clab([...command, "--retry", "failed"]);
    expect(again.code, again.stderr).toBe(0);
    expect(trialsIn(out)).toHaveLength(TRIALS);
  });

  test("a worker that fails three times in a row leaves with 4, and others do its chunks", async () => {
    const out = temporaryFolder();
    const varied = ["--set", "train.learningRate=0.1,0.01,0.001", "--chunk", "1", "--seeds", "1"];
    const command = ["sweep", convolution, ...varied, "--queue", server.url, "--out", out];
    const follower = clab(command);
    await queued("convolution");
    const { code, stderr } = await startWorker(["--queue", server.url]).end;
    expect(code).toBe(4);
    expect(stderr).toMatch(/three chunks in a row failed on WebAssembly SIMD.*\(cpu engine\)/);
    expect(stderr).toContain("does not have conv2d");
    // Those that earlier tests killed are shown for some seconds more.
    const { workers: shown } = await statusOf(server.url);
    expect(shown.filter(({ left }) => left !== null)).toMatchObject([
      { engine: "cpu", failed: 3, left: expect.stringContaining("conv2d") },
    ]);
    startWorker(["--queue", server.url, "--engine", "tfjs"]);
    const followed = await follower;
    expect(followed.code, followed.stderr).toBe(0);
    expect(trialsIn(out)).toHaveLength(3);
  });
});

describe.skipIf(isRedisMissing)("a queue with TLS and a password", () => {
  const password = "p@ss/w0rd";
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis({ tls: true, password });
  });
  afterAll(() => server?.stop());

  test("trains, and shows its password nowhere", async () => {
    const env = { NODE_EXTRA_CA_CERTS: server.certificate, CLAB_QUEUE: server.url };
    const out = temporaryFolder();
    const worker = startWorker([], { env });
    const swept = await clab(["sweep", sweep, "--out", out], { env });
    expect(swept.code, swept.stderr).toBe(0);
    expect(trialsIn(out)).toHaveLength(TRIALS);
    const status = await clab(["status"], { env });
    const help = await clab(["worker", "--help"], { env });
    worker.signal("SIGINT");
    const { stderr } = await worker.end;
    const said = [swept, status, help, { stdout: "", stderr }].flatMap((each) => [
      each.stdout,
      each.stderr,
    ]);
    for (const text of said) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(encodeURIComponent(password));
    }
    expect(status.stdout).toContain(`rediss://${new URL(server.url).host}`);
  });

  test.each([
    ["an authority that is not trusted", {}, "NODE_EXTRA_CA_CERTS"],
    [
      "a wrong password",
      { NODE_EXTRA_CA_CERTS: "yes", wrong: "yes" },
      "refuses the user or the password",
    ],
  ])("%s: exit code 3", async (_, { NODE_EXTRA_CA_CERTS, wrong }: Record<string, string>, says) => {
    const env = NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: server.certificate } : {};
    const url = wrong ? server.url.replace(/:[^/]*@/, ":wrong-word@") : server.url;
    for (const command of [["status"], ["worker", "--engine", "cpu"], ["sweep", sweep]]) {
      const { code, stdout, stderr } = await clab([...command, "--queue", url], { env });
      expect(stderr).toContain(says);
      expect(stderr).not.toMatch(/wrong-word|p(@|%40)ss/);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    }
  });
});

test("an address that is none is a mistake, and a queue that is not there is named", async () => {
  for (const command of [["status"], ["worker"], ["sweep", sweep]]) {
    const none = await clab([...command, "--queue", "localhost"]);
    expect(none.stderr).toContain("redis://host:6379");
    expect(none.code).toBe(2);
    const absent = await clab([...command, "--queue", "redis://:secret@127.0.0.1:1"]);
    expect(absent.stderr).toContain("the queue at redis://127.0.0.1:1 does not answer");
    expect(absent.code).toBe(3);
  }
});
