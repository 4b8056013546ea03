// What every host does once it knows its `gpu`: it says what adapter there is, then serves an
// engine on it.

import { type EngineInfo, type Plan, type Port, serveEngine } from "@convergence-lab/core";
import { type AdapterReport, reportAdapter } from "@convergence-lab/engine-webgpu";

/** The first message of a host; everything after it is the engine's. */
export interface Hello {
  readonly versions: EngineInfo["versions"];
  readonly adapter: AdapterReport | null;
}

/** What the command line opens the engine with. */
export interface HostedEngineOptions {
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** Our own kernels, or TensorFlow.js on its webgpu backend. */
  readonly engine: "webgpu" | "tfjs";
  readonly tracesDispatches?: boolean;
  /** What will be trained first. */
  readonly prepares?: Plan | undefined;
}

/** @returns what it said first. */
export async function hostEngine(
  gpu: GPU | undefined,
  versions: EngineInfo["versions"],
  port: Port,
): Promise<Hello> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  const hello: Hello = { versions, adapter: adapter ? reportAdapter(adapter) : null };
  port.post(hello);
  serveEngine(port, async (options) => {
    // Without an adapter nobody asks, and megabytes need not be read.
    const { hostedEngine } = await import("./hosted-engine.ts");
    return hostedEngine(gpu!, versions, options as HostedEngineOptions);
  });
  return hello;
}
