// That a benchmark gives a result, and that a wrong kernel gets no time. What the times are is no
// business of a test.

import { type BenchmarkEvent, benchmarkResult, type Measurement } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../test/node-gpu.ts";
import { requestGpu } from "../device/request-device.ts";
import { createWebGpuEngine, type WebGpuEngine } from "../webgpu-engine.ts";
import { type KernelCase, measureCases, Speeds } from "./kernel-case.ts";

describe.skipIf(hasNoAdapter)("the benchmark", () => {
  let engine: WebGpuEngine;
  beforeAll(async () => {
    engine = await createWebGpuEngine({ gpu: nodeGpu(), reason: "test", selfCheck: "skip" });
  });
  afterAll(() => engine.dispose());

  async function measure(only: string): Promise<[Measurement, string[]]> {
    const told: string[] = [];
    for await (const event of engine.benchmark!({
      quick: true,
      only,
    }) as AsyncIterable<BenchmarkEvent>) {
      if (event.kind === "measurement") return [event.measurement, told];
      told.push(`${event.done + 1}/${event.of} ${event.what}`);
    }
    throw new Error("no measurement");
  }

  test("measures the products of one layer, each right and below the peak", async () => {
    const [measurement, told] = await measure("64-64 x1");
    expect(told).toEqual(["1/3 float32 peak", "2/3 memory bandwidth", "3/3 dense layer 64-64 x1"]);
    expect(measurement.peak).toMatchObject({ status: "measured", perSecond: expect.any(Number) });
    expect(measurement.bandwidth).toMatchObject({ status: "measured" });
    expect(measurement.device).toMatchObject({ limits: { maxBufferSize: expect.any(Number) } });
    const machine = { platform: "test", cpu: null };
    const { rows } = benchmarkResult(measurement, { quick: true, only: null }, machine);
    expect(rows.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      "gemm-forward measured",
      "gemm-dx measured",
      "gemm-dw measured",
    ]);
    for (const row of rows) {
      expect(row.says).toMatch(/^the worst of 128 sampled sums uses [0-9.]+% of its error bound/);
      expect(row).toMatchObject({ flops: 2 * 256 * 64 * 64, launches: 1 });
      expect(row.rates!.gigaflops).toBeGreaterThan(0);
      expect(row.rates!.modelStepsPerSecond).toBeNull();
    }
  });

  test("measures steps in both tiers", async () => {
    const [{ rows }] = await measure("step 20-4-1 x1");
    expect(rows.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      "fused-step measured",
      "persistent-step measured",
    ]);
    const [fused, persistent] = rows;
    if (fused.status !== "measured" || persistent.status !== "measured") throw new Error();
    expect(fused.launches).toBeGreaterThan(1);
    expect(persistent.launches).toBeLessThanOrEqual(1);
    expect(fused.tier).toMatch(/^L, /);
    expect(persistent.workgroups).toBe(1);
  });

  test("a kernel whose numbers are wrong has no time, one that takes too long is not begun", async () => {
    const gpu = await requestGpu(nodeGpu());
    let destroyed = 0;
    const which = (kind: KernelCase["kind"], flops: number, isRight: boolean): KernelCase => ({
      kind,
      shape: "1-1",
      networks: 1,
      batch: 1,
      counts: { flops, bytes: 4, modelSteps: 0 },
      prepare: async () => ({
        tier: "none",
        workgroups: 1,
        launches: () => 1,
        run: (times) => new Promise((done) => setTimeout(done, 10 * times)),
        check: async () => ({ isRight, says: "3 and not 4." }),
        destroy: () => destroyed++,
      }),
    });
    const limits = { rounds: 1, operationSeconds: 1, deadline: Number.POSITIVE_INFINITY };
    const cases = [
      which("gemm-dx", 1, false),
      which("gemm-dw", 1, true),
      which("gemm-dw", 1e9, true),
    ];
    const rows = await measureCases(gpu, cases, limits, new Speeds());
    expect(rows).toMatchObject([
      { status: "wrong", says: "3 and not 4." },
      { status: "measured", flops: 1 },
      { status: "skipped", says: expect.stringMatching(/^it would take about \d+ s/) },
    ]);
    expect(destroyed).toBe(2);
    const over = await measureCases(gpu, cases, { ...limits, deadline: 0 }, new Speeds());
    expect(over.map(({ status }) => status)).toEqual(["skipped", "skipped", "skipped"]);
    gpu.destroy();
  });
});
