// A sweep on a device: what is cut is the beginning of its full training, and what is trained alone
// is what is trained among others.

import {
  type ChunkResult,
  type Engine,
  parseSweep,
  runChunk,
  type TraceRun,
} from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { hasNoAdapter, nodeGpu } from "./node-gpu.ts";

let engine: Engine;
beforeAll(async () => {
  if (hasNoAdapter) return;
  const settings = { selfCheck: "skip", tuning: "skip", reportMs: 20 } as const;
  engine = await createWebGpuEngine({ gpu: nodeGpu(), reason: "test", ...settings });
});
afterAll(() => engine?.dispose());

function sweepOf(method: "random" | "halving") {
  return parseSweep({
    method,
    run_cap: 9,
    seeds: 2,
    spec: {
      name: "device",
      data: {
        source: {
          kind: "numpy",
          features: { rand: [20, 3] },
          labels: { randint: { low: 0, high: 2, size: 20 } },
        },
        split: { testSize: 0.25 },
      },
      model: {
        layers: [
          { units: 5, activation: "tanh" },
          { units: 1, activation: "sigmoid" },
        ],
      },
      train: { loss: "binaryCrossentropy", epochs: 9, batchSize: 4 },
    },
    parameters: {
      lr: { distribution: "log_uniform_values", min: 0.001, max: 1 },
      units: { values: [3, 5] },
    },
  });
}

describe.skipIf(hasNoAdapter)("nine trials of two networks", () => {
  const curves = new Map<string, TraceRun>();
  const nameOf = (trial: number, { trainingSeed }: TraceRun) => `${trial} ${trainingSeed}`;
  let whole: ChunkResult;

  test("those that are cut are the beginning of their full trainings, bit for bit", async () => {
    whole = await runChunk(sweepOf("random"), 0, engine, {
      onRun: (trial, run) => curves.set(nameOf(trial, run), run),
    });
    let cut = 0;
    const { records } = await runChunk(sweepOf("halving"), 0, engine, {
      onRun(trial, run) {
        const full = curves.get(nameOf(trial, run))!.signals.valLoss!;
        const own = run.signals.valLoss!;
        expect(own).toEqual(full.slice(0, own.length));
        if (own.length < full.length) cut++;
      },
    });
    expect(cut).toBe(16);
    expect(records.filter(({ state }) => state === "pruned")).toHaveLength(8);
  });

  test("a trial's record does not depend on what is trained beside it", async () => {
    const alone = await runChunk(sweepOf("random"), 0, engine, { wants: (index) => index === 4 });
    expect(alone.records).toEqual([whole.records[4]]);
  });
});
