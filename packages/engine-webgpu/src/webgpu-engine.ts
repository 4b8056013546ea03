// The population engine on our own WGSL kernels: plan -> populations -> events. It holds the device
// and decides nothing about training quality.

import {
  type Dataset,
  type Engine,
  type EngineInfo,
  type Plan,
  plannedSteps,
  type TraceEvent,
  type TrainOptions,
} from "@convergence-lab/core";
import { type Gpu, requestGpu } from "./device/request-device.ts";
import { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import { createPopulation, populations } from "./population/create-population.ts";
import { uploadData } from "./population/data-buffer.ts";
import { Reporter } from "./population/reporter.ts";
import { type Timing, trainPopulation } from "./population/train-population.ts";
import { replaySteps } from "./replay.ts";
import { requireTrustworthy, type SelfCheck } from "./self-check.ts";
import { requireSupported } from "./supported-network.ts";

export interface WebGpuEngineOptions {
  /** `navigator.gpu`, or what `create()` of the npm package `webgpu` gives. */
  readonly gpu: GPU | undefined;
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** What the platform is, as the caller knows it. */
  readonly versions?: EngineInfo["versions"];
  /**
   * Wanted time of one dispatch. Absent: 30 ms, which leaves a page its frames, and 100 ms on a
   * software adapter, which has no frames to draw.
   */
  readonly dispatchMs?: number;
  /** Time between two reports. */
  readonly reportMs?: number;
  /**
   * Absent: the adapter's numbers are checked now. A check of this adapter made earlier saves that;
   * "skip" believes them.
   */
  readonly selfCheck?: SelfCheck | "skip";
}

export interface WebGpuEngine extends Engine {
  /** What the self-check found, to be kept for the next time; absent if it was skipped. */
  readonly selfCheck: SelfCheck | undefined;
}

/** @throws GpuError GPU_NO_ADAPTER, GPU_NO_DEVICE, GPU_SELF_CHECK_FAILED */
export async function createWebGpuEngine(options: WebGpuEngineOptions): Promise<WebGpuEngine> {
  const { reason, versions = {}, reportMs = 250 } = options;
  const gpu = await requestGpu(options.gpu);
  const { dispatchMs = gpu.adapter.isSoftware ? 100 : 30 } = options;
  const kernels = new KernelCache(gpu);
  const selfCheck = await requireTrustworthy(gpu, kernels, options.selfCheck);
  return {
    info: { name: "webgpu", adapter: gpu.adapter.name, reason, versions },
    selfCheck,
    train: (plan, datasets, trainOptions) =>
      trainPlan(gpu, kernels, plan, datasets, { dispatchMs, reportMs }, trainOptions),
    replay: (recording) => replaySteps(gpu, kernels, recording),
    dispose: async () => gpu.destroy(),
  };
}

async function* trainPlan(
  gpu: Gpu,
  kernels: KernelCache,
  plan: Plan,
  datasets: readonly Dataset[],
  timing: Timing,
  { signal }: TrainOptions = {},
): AsyncGenerator<TraceEvent, void> {
  const listed = plan.buckets.flatMap(({ runs }) => runs);
  for (const index of listed) {
    const run = plan.runs[index];
    requireSupported(plan.buckets[run.bucket].network, run.hyper);
  }
  const reporter = new Reporter(
    new Map(listed.map((index) => [index, plannedSteps(plan, datasets, index)])),
  );
  const data = uploadData(
    gpu,
    datasets,
    datasets.map(({ columns }) => columns.length),
  );
  try {
    for (const bucket of plan.buckets) {
      for (const runs of populations(gpu, bucket, plan)) {
        const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
        try {
          yield* trainPopulation(population, reporter, timing, signal);
        } finally {
          population.destroy();
        }
        if (signal?.aborted) return;
      }
    }
  } finally {
    data.buffer.destroy();
  }
}
