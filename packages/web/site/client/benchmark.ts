// Loaded by the first click on the benchmark page's button: measures this browser's adapter, or its
// processor where there is none, and draws the comparison anew.

import {
  type BenchmarkResult,
  benchmarkResult,
  type Engine,
  isAllRight,
  measureSteps,
} from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { createWebGpuEngine } from "@convergence-lab/engine-webgpu";
import { type AdapterRates, comparison, ratesOfResult } from "../benchmark/rates.ts";
import type { BenchmarkModule } from "./page.ts";

export const measure: BenchmarkModule["measure"] = async (only, onProgress) => {
  const engine = await openEngine();
  try {
    const settings = { quick: true, only };
    const now = () => performance.now();
    const events = engine.benchmark?.(settings) ?? measureSteps(engine, settings, now);
    for await (const event of events) {
      if (event.kind === "measuring") {
        onProgress(event.what, event.done, event.of);
        continue;
      }
      const machine = { platform: "browser", cpu: null };
      const result = benchmarkResult(event.measurement, settings, machine);
      return { says: summary(engine, result), show: (committed) => shown(result, committed) };
    }
    throw new Error("The benchmark ended without a result.");
  } finally {
    await engine.dispose();
  }
};

async function openEngine(): Promise<Engine> {
  const { gpu } = navigator as { gpu?: GPU };
  if (gpu === undefined) {
    return createSimdEngine({ reason: "This browser gives this page no WebGPU." });
  }
  if ((await gpu.requestAdapter()) === null) {
    return createSimdEngine({ reason: "The browser has no WebGPU adapter." });
  }
  return createWebGpuEngine({ gpu, reason: "It is what is measured." });
}

function summary({ info }: Engine, result: BenchmarkResult): string {
  const where = info.name === "webgpu" ? info.adapter : `${info.adapter}. ${info.reason}`;
  const right = isAllRight(result)
    ? "All results agreed with the reference."
    : "Some results were wrong and have no time.";
  return `Measured: ${where} ${right}`;
}

function shown(result: BenchmarkResult, committed: readonly AdapterRates[]): string {
  const own = ratesOfResult(result, "this browser");
  return comparison(committed, { ...own, adapter: `here: ${own.adapter}` });
}
