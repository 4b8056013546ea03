// The engine that a host serves, once one is asked for.

import type { Engine, EngineInfo } from "@convergence-lab/core";
import {
  createTfjsEngine,
  createWebGpuEngine,
  requireTrustworthyEngine,
} from "@convergence-lab/engine-webgpu";
import type { HostedEngineOptions } from "./engine-host.ts";

/** @throws GpuError when the adapter has no device or computes wrong numbers. */
export async function hostedEngine(
  gpu: GPU,
  versions: EngineInfo["versions"],
  { engine, reason, tracesDispatches = false, prepares }: HostedEngineOptions,
): Promise<Engine> {
  if (engine === "webgpu") {
    return createWebGpuEngine({ gpu, reason, versions, tracesDispatches, prepares });
  }
  showGpu(gpu);
  const tfjs = await createTfjsEngine({ backend: "webgpu", reason, versions });
  await requireTrustworthyEngine(tfjs);
  return tfjs;
}

/** Where tfjs looks for it; Node has it nowhere. */
function showGpu(gpu: GPU): void {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator;
  if (own?.gpu !== undefined) return;
  if (own === undefined) {
    Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  } else {
    Object.defineProperty(own, "gpu", { value: gpu, configurable: true });
  }
}
