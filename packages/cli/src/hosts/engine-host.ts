// What every host does once it knows its `gpu`: it says what adapter there is, then serves an
// engine on it.

import { type EngineInfo, type Port, serveEngine } from "@convergence-lab/core";
import {
  type AdapterReport,
  createWebGpuEngine,
  reportAdapter,
} from "@convergence-lab/engine-webgpu";

/** The first message of a host; everything after it is the engine's. */
export interface Hello {
  readonly versions: EngineInfo["versions"];
  readonly adapter: AdapterReport | null;
}

/** What the command line opens the engine with. */
export interface HostedEngineOptions {
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  readonly tracesDispatches?: boolean;
}

export async function hostEngine(
  gpu: GPU | undefined,
  versions: EngineInfo["versions"],
  port: Port,
): Promise<void> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  const hello: Hello = { versions, adapter: adapter ? reportAdapter(adapter) : null };
  port.post(hello);
  serveEngine(port, (options) => {
    const { reason, tracesDispatches = false } = options as HostedEngineOptions;
    return createWebGpuEngine({ gpu: gpu!, reason, versions, tracesDispatches });
  });
}
