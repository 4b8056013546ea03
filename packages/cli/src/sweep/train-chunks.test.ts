import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, parseSweep, SweepSummary, type TrialRecord } from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { CliError } from "../errors.ts";
import { EnginePool } from "../runners/engine-pool.ts";
import { CurveLines } from "./curve-lines.ts";
import { chunkLinesOf, recordsOf, SweepFolder } from "./sweep-folder.ts";
import { silentSweep } from "./sweep-progress.ts";
import { trainChunks } from "./train-chunks.ts";

const simd = createSimdEngine({ reason: "test" });

/** Eight trials in as many chunks. */
const sweep = parseSweep({
  method: "grid",
  chunk: 1,
  spec: {
    name: "chunks",
    data: { source: { kind: "inline", rows: [[0], [1], [2], [3]], labels: [0, 1, 0, 1] } },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
    seeds: { training: 1 },
  },
  parameters: { lr: [1, 2, 3, 4, 5, 6, 7, 8] },
});

const CHUNKS = [0, 1, 2, 3, 4, 5, 6, 7];

/** An engine whose device is gone in these trainings, counted from 0. */
function losing(...lost: readonly number[]): Engine {
  let trainings = 0;
  return {
    ...simd,
    async *train(...args: Parameters<Engine["train"]>) {
      if (lost.includes(trainings++)) throw new CliError("CLI_HOST_LOST", "the device is gone");
      yield* simd.train(...args);
    },
  };
}

const told: string[] = [];
vi.spyOn(process.stderr, "write").mockImplementation((text) => {
  told.push(String(text));
  return true;
});
beforeEach(() => {
  told.length = 0;
});

/** Trains what a folder lacks, as a process would, and tells what was left. */
async function trainInto(
  path: string,
  engine: Engine,
  {
    retry,
    signal = { aborted: false },
    others = [],
  }: { retry?: "failed" | "all"; signal?: { aborted: boolean }; others?: readonly Engine[] } = {},
) {
  const before: TrialRecord[] = [];
  const folder = SweepFolder.open(path, sweep, { fresh: false, retry }, (r) => before.push(r));
  try {
    const chunks = CHUNKS.filter((chunk) => !folder.isSettled(chunk));
    const summary = new SweepSummary(sweep);
    const rest = { given: {}, folder, summary, progress: silentSweep, signal };
    const pool = new EnginePool([engine, ...others], () => {});
    await trainChunks(pool, { sweep, chunks, ...rest });
    return { before: before.length, tried: chunks.length, failed: [...folder.failed] };
  } finally {
    folder.close();
  }
}

const newPath = () => join(mkdtempSync(join(tmpdir(), "clab-chunks-")), "run");

function trials(path: string): string {
  return readFileSync(join(path, "trials.jsonl"), "utf8");
}

function curves(path: string): string {
  return readFileSync(join(path, "curves.jsonl"), "utf8");
}

describe("a chunk that cannot be trained", () => {
  test("is noted, left out by the next process, and tried again when that is asked for", async () => {
    const path = newPath();
    expect(await trainInto(path, losing(2, 5))).toEqual({ before: 0, tried: 8, failed: [2, 5] });
    expect(told.join("")).toContain("chunk 2 failed: the device is gone");
    expect(await trainInto(path, simd)).toEqual({ before: 6, tried: 0, failed: [2, 5] });
    expect(await trainInto(path, losing(1), { retry: "failed" })).toEqual({
      ...{ before: 6, tried: 2, failed: [5] },
    });
    expect(await trainInto(path, simd, { retry: "failed" })).toEqual({
      ...{ before: 7, tried: 1, failed: [] },
    });
    const whole = newPath();
    await trainInto(whole, simd);
    const inOrder = trials(path).trimEnd().split("\n").sort(byIndex);
    expect(inOrder).toEqual(trials(whole).trimEnd().split("\n"));
    const states = [...chunkLinesOf(path)].map(({ chunk, state }) => `${chunk} ${state}`);
    expect(states.filter((line) => line.startsWith("5"))).toEqual([
      ...["5 failed", "5 failed", "5 trained"],
    ]);
  });

  test("three in a row end it, two and one do not", async () => {
    expect(await trainInto(newPath(), losing(1, 2, 4, 5, 6))).toMatchObject({
      failed: [1, 2, 4, 5, 6],
    });
    expect(told.join("")).toContain("3 chunks in a row failed on WebAssembly SIMD, float32");
  });
});

test("what one of several engines loses for good another trains, and nothing is noted as failed", async () => {
  const path = newPath();
  const broken = losing(...CHUNKS);
  broken.dispose = async () => {};
  expect(await trainInto(path, simd, { others: [broken, simd] })).toMatchObject({ failed: [] });
  const whole = newPath();
  await trainInto(whole, simd);
  expect(trials(path).trimEnd().split("\n").sort(byIndex)).toEqual(
    trials(whole).trimEnd().split("\n"),
  );
});

function byIndex(a: string, b: string): number {
  return indexOf(a) - indexOf(b);
}

test("a signal ends it after the chunk in training", async () => {
  const path = newPath();
  const signal = { aborted: false };
  const stopping: Engine = {
    ...simd,
    async *train(...args: Parameters<Engine["train"]>) {
      yield* simd.train(...args);
      signal.aborted = true;
    },
  };
  await trainInto(path, stopping, { signal });
  expect([...recordsOf(path)].map(({ index }) => index)).toEqual([0]);
});

test("an error that is no accident of a machine is thrown on", async () => {
  const broken: Engine = {
    ...simd,
    // biome-ignore lint/correctness/useYield: it has nothing to give.
    async *train() {
      throw new RangeError("a defect");
    },
  };
  await expect(trainInto(newPath(), broken)).rejects.toThrow("a defect");
});

test("trials that a folder has are not trained again, and not written twice", async () => {
  const path = newPath();
  await trainInto(path, simd);
  const whole = trials(path);
  expect(await trainInto(path, losing(0))).toEqual({ before: 8, tried: 0, failed: [] });
  expect(await trainInto(path, simd, { retry: "all" })).toMatchObject({ before: 0, tried: 8 });
  expect(trials(path)).toBe(whole);
});

test("curves whose trials were not written any more are written again, and none twice", async () => {
  const path = newPath();
  await trainInto(path, simd);
  const whole = { trials: trials(path), curves: curves(path) };
  expect(whole.curves.trimEnd().split("\n")).toHaveLength(8);
  // The process ended between the curves of a chunk and its trials, on another adapter even.
  const lost = whole.trials.trimEnd().split("\n").slice(0, 5).join("\n");
  writeFileSync(join(path, "trials.jsonl"), `${lost}\n`);
  const other = whole.curves.replace(/("index":6,.*"loss":\[)[^\]]+/, "$10.125");
  expect(other).not.toBe(whole.curves);
  writeFileSync(join(path, "curves.jsonl"), other);
  expect(await trainInto(path, simd)).toMatchObject({ before: 5, tried: 3 });
  expect({ trials: trials(path), curves: curves(path) }).toEqual(whole);
});

test("a folder of an earlier version has no curves, and goes on", async () => {
  const path = newPath();
  await trainInto(path, simd);
  const lines = trials(path).trimEnd().split("\n");
  writeFileSync(join(path, "trials.jsonl"), `${lines.slice(0, 5).join("\n")}\n`);
  rmSync(join(path, "curves.jsonl"));
  await trainInto(path, simd);
  expect(trials(path).trimEnd().split("\n")).toEqual(lines);
  expect(curves(path).trimEnd().split("\n").map(indexOf)).toEqual([5, 6, 7]);
  const reading = new CurveLines([path], 8);
  expect(reading.curveOf(4)).toBeUndefined();
  expect(reading.curveOf(6)).toMatchObject({ index: 6, epochs: [1] });
  reading.close();
});

function indexOf(line: string): number {
  return JSON.parse(line).index;
}
