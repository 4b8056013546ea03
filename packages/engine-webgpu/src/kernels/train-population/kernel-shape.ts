// Everything that decides a kernel's text. Networks of one kernel shape share a pipeline; whatever
// else differs between them is read from a table.

import type { Hyper, Network } from "@convergence-lab/core";
import type { KernelPlan } from "./kernel-plan.ts";

export interface KernelShape {
  readonly network: Network;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly features: KernelFeatures;
  /** Whether what every step computed is written out, for a replay. */
  readonly isCaptured: boolean;
  readonly plan: KernelPlan;
}

/**
 * What a network's numbers ask of its kernel's text. Networks that differ here are trained apart,
 * whatever else they share, so that a network trains alike alone and in a population.
 */
export interface KernelFeatures {
  /** L1 or L2 on a kernel. */
  readonly kernelPenalty: boolean;
}

export function kernelFeatures({ l1, l2 }: Hyper): KernelFeatures {
  return { kernelPenalty: [...l1, ...l2].some((penalty) => penalty !== 0) };
}
