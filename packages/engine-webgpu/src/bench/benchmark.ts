// What this engine measures of an adapter, in order: what it can do at best, the products of a dense
// layer, whole training steps. Results are compared with core's reference before they are timed.

import {
  BENCHMARK_SEED,
  type BenchmarkEvent,
  type BenchmarkRow,
  type BenchmarkSettings,
  type Ceiling,
  type EngineInfo,
  isWanted,
  STEP_NETWORKS,
  STEP_SHAPES,
} from "@convergence-lab/core";
import type { Gpu } from "../device/request-device.ts";
import { measureBandwidth } from "./bandwidth.ts";
import { type GemmSize, gemmCases } from "./gemm-cases.ts";
import { measureCases, Speeds } from "./kernel-case.ts";
import { measurePeak } from "./peak.ts";
import { stepCases } from "./step-cases.ts";

/**
 * Rounds of which the median is taken; the longest that one operation, and that all of it, may take.
 * On SwiftShader on two idle cores the quick one takes 32 s.
 */
const FULL = { rounds: 5, operationSeconds: 8, totalSeconds: 600 };
const QUICK = { rounds: 3, operationSeconds: 2, totalSeconds: 60 };

/** Of one network with a batch that fills a device, and of a population with the usual batch. */
const SINGLE = { networks: 1, batch: 256 };
const BATCHED = { networks: 64, batch: 32 };

/** Square products, in which a GPU shows what it can do. */
const SQUARES = [1024, 2048, 4096].map((width) => ({ width, batch: width, networks: 1 }));

function gemmSizes(quick: boolean): GemmSize[] {
  const [single, batched] = quick
    ? [
        [64, 128, 256],
        [64, 128],
      ]
    : [
        [64, 128, 256, 512, 1024],
        [64, 128, 256, 512, 1024],
      ];
  return [
    ...single.map((width) => ({ width, ...SINGLE })),
    ...(quick ? [] : SQUARES),
    ...batched.map((width) => ({ width, ...BATCHED })),
  ];
}

export async function* benchmark(
  gpu: Gpu,
  engine: EngineInfo,
  settings: BenchmarkSettings,
): AsyncGenerator<BenchmarkEvent, void> {
  const { totalSeconds, ...rest } = settings.quick ? QUICK : FULL;
  const limits = { ...rest, deadline: performance.now() + 1000 * totalSeconds };
  const speeds = new Speeds();
  const networkCounts = settings.quick ? STEP_NETWORKS.quick : STEP_NETWORKS.full;
  const sets = [
    ...gemmSizes(settings.quick).map((size) => gemmCases(gpu, size)),
    ...STEP_SHAPES.map((shape) => stepCases(gpu, shape, networkCounts)),
  ]
    .map((cases) => cases.filter((each) => isWanted(each, settings)))
    .filter((cases) => cases.length > 0);
  if (sets.length === 0) {
    yield finished(gpu, engine, limits.rounds, null, null, []);
    return;
  }
  const of = sets.length + 2;
  let done = 0;
  const measuring = (what: string): BenchmarkEvent => ({
    kind: "measuring",
    what,
    done: done++,
    of,
  });

  yield measuring("float32 peak");
  const peak: Ceiling = await measurePeak(gpu, limits.rounds);
  yield measuring("memory bandwidth");
  const bandwidth: Ceiling = await measureBandwidth(gpu, limits.rounds);
  const rows: BenchmarkRow[] = [];
  for (const cases of sets) {
    const [{ kind, shape, networks }] = cases;
    const product = kind.startsWith("gemm");
    yield measuring(product ? `dense layer ${shape} x${networks}` : `training steps of ${shape}`);
    rows.push(...(await measureCases(gpu, cases, limits, speeds)));
  }
  yield finished(gpu, engine, limits.rounds, peak, bandwidth, rows);
}

function finished(
  gpu: Gpu,
  engine: EngineInfo,
  rounds: number,
  peak: Ceiling | null,
  bandwidth: Ceiling | null,
  rows: readonly BenchmarkRow[],
): BenchmarkEvent {
  const device = { ...gpu.adapter };
  const measurement = { engine, device, rounds, seed: BENCHMARK_SEED, peak, bandwidth, rows };
  return { kind: "measurement", measurement };
}
