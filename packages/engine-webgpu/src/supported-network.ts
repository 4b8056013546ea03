// What these kernels can compute. Everything else is another engine's.

import type { Hyper, Network } from "@convergence-lab/core";
import { GpuError } from "./errors.ts";

/** The first thing about a network that the kernels do not have; undefined when they have it all. */
export function unsupportedReason(network: Network, hyper: Hyper): string | undefined {
  const operations = [network.before ?? [], ...network.layers.map(({ after }) => after ?? [])];
  const operation = operations.flat()[0];
  if (operation) return `the operation ${operation.kind}`;
  const { optimizer } = network;
  if (optimizer.amsgrad) return "AMSGrad";
  if (optimizer.centered) return "centered RMSprop";
  if (hyper.penalties) return "penalties on bias or activity";
  if (hyper.alpha) return "an activation's own slope";
  if (hyper.clipValue || hyper.clipNorm || hyper.globalClipNorm) return "gradient clipping";
  if (hyper.labelSmoothing) return "label smoothing";
  if (hyper.classWeight) return "class weights";
  if (hyper.earlyStopping) return "early stopping";
  if (hyper.reduceOnPlateau) return "reduce-on-plateau";
  return undefined;
}

/** @throws GpuError GPU_UNSUPPORTED_NETWORK */
export function requireSupported(network: Network, hyper: Hyper): void {
  const reason = unsupportedReason(network, hyper);
  if (reason === undefined) return;
  throw new GpuError(
    "GPU_UNSUPPORTED_NETWORK",
    `the webgpu engine does not have ${reason}; use another engine.`,
  );
}
