// The population engine on our own WGSL kernels: plan -> populations -> events. It holds the device
// and decides nothing about training quality. What only measures or verifies is loaded when it is
// asked for.

import type { Engine, EngineInfo, Plan } from "@convergence-lab/core";
import { DeviceSession } from "./population/device-session.ts";
import { prepareKernels, trainPlan } from "./population/train-plan.ts";
import { KernelTuner } from "./population/tune-kernel.ts";
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
  /** Whether events tell of every dispatch. */
  readonly tracesDispatches?: boolean;
  /**
   * Absent: the adapter's numbers are checked now. A check of this adapter made earlier saves that;
   * "skip" believes them.
   */
  readonly selfCheck?: SelfCheck | "skip";
  /** What will be trained first: its kernels are made while the adapter is checked. */
  readonly prepares?: Plan | undefined;
  /**
   * Absent: long trainings on a GPU try the versions of their kernel first and go on with the fastest,
   * which moves no number, and short ones on a software adapter take what is compiled soonest. "skip"
   * takes what is planned.
   */
  readonly tuning?: "skip";
}

export interface WebGpuEngine extends Engine {
  /** What the self-check found, to be kept for the next time; absent if it was skipped. */
  readonly selfCheck: SelfCheck | undefined;
}

/** @throws GpuError GPU_NO_ADAPTER, GPU_NO_DEVICE, GPU_SELF_CHECK_FAILED */
export async function createWebGpuEngine(options: WebGpuEngineOptions): Promise<WebGpuEngine> {
  const { reason, versions = {}, reportMs = 250, tracesDispatches = false } = options;
  const tuner = options.tuning === "skip" ? null : new KernelTuner();
  const session = await DeviceSession.open(options.gpu, tuner);
  const { adapter } = session.gpu;
  const { dispatchMs = adapter.isSoftware ? 100 : 30 } = options;
  // What it has to say is said by `prepare`, to which the kernels then are known.
  if (options.prepares) prepareKernels(session, options.prepares).catch(() => {});
  const selfCheck = await requireTrustworthy(session.gpu, session.kernels, options.selfCheck);
  const info = { name: "webgpu", adapter: adapter.name, reason, versions } as const;
  return {
    info,
    selfCheck,
    async prepare(plan) {
      requireSupportedPlan(plan);
      const refusals = await prepareKernels(session, plan);
      if (refusals.length === 0) return info;
      return { ...info, reason: `${reason} A plain kernel runs, for ${refusals.join(" ")}` };
    },
    async *train(plan, datasets, trainOptions) {
      requireSupportedPlan(plan);
      const pacing = { dispatchMs, reportMs, tracesDispatches };
      yield* trainPlan(session, plan, datasets, pacing, trainOptions);
    },
    async replay(recording) {
      const { replaySteps } = await import("./replay.ts");
      return replaySteps(session.gpu, session.kernels, recording);
    },
    async *benchmark(settings) {
      const { benchmark } = await import("./bench/benchmark.ts");
      yield* benchmark(session.gpu, info, settings);
    },
    dispose: async () => session.gpu.destroy(),
  };
}

function requireSupportedPlan(plan: Plan): void {
  for (const { network, runs } of plan.buckets) {
    for (const index of runs) requireSupported(network, plan.runs[index].hyper);
  }
}
