// Everything that decides a kernel's text. Networks of one kernel shape share a pipeline; whatever
// else differs between them is read from a table.

import type { Hyper, LayerPenalties, Network, Probe } from "@convergence-lab/core";
import type { KernelPlan } from "./kernel-plan.ts";

export interface KernelShape {
  readonly network: Network;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly features: KernelFeatures;
  /** What is measured beside loss and accuracy; absent: nothing, and nothing of it is in the text. */
  readonly probes?: readonly Probe[];
  /** Whether what every step computed is written out, for a replay. */
  readonly isCaptured: boolean;
  readonly plan: KernelPlan;
}

/**
 * What a network's numbers ask of its kernel's text. Networks that differ here are trained apart,
 * whatever else they share, so that a network trains alike alone and in a population.
 */
export interface KernelFeatures {
  /** L1 or L2 of any layer. */
  readonly kernelPenalty: boolean;
  readonly biasPenalty: boolean;
  readonly activityPenalty: boolean;
  readonly clip: "none" | "value" | "norm" | "globalNorm";
  readonly weightDecay: boolean;
  readonly labelSmoothing: boolean;
  readonly classWeight: boolean;
  readonly earlyStopping: boolean;
  readonly restoreBest: boolean;
  readonly reduceOnPlateau: boolean;
}

export function kernelFeatures(hyper: Hyper): KernelFeatures {
  const { clipNorm = 0, globalClipNorm = 0, clipValue = 0, labelSmoothing = 0 } = hyper;
  const isPenalized = (...names: (keyof LayerPenalties)[]) =>
    (hyper.penalties ?? []).some((layer) => names.some((name) => layer[name] !== 0));
  return {
    kernelPenalty: [...hyper.l1, ...hyper.l2].some((penalty) => penalty !== 0),
    biasPenalty: isPenalized("biasL1", "biasL2"),
    activityPenalty: isPenalized("activityL1", "activityL2"),
    // Keras's order, where a plan names several.
    clip:
      clipNorm > 0 ? "norm" : globalClipNorm > 0 ? "globalNorm" : clipValue > 0 ? "value" : "none",
    weightDecay: hyper.weightDecay !== 0,
    labelSmoothing: labelSmoothing !== 0,
    classWeight: hyper.classWeight !== undefined,
    earlyStopping: hyper.earlyStopping !== undefined,
    restoreBest: hyper.earlyStopping?.restoreBest ?? false,
    reduceOnPlateau: hyper.reduceOnPlateau !== undefined,
  };
}
