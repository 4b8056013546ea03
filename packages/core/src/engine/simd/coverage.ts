// What the SIMD kernels do not have. The plan can say more than they compute; such a plan is for
// the reference engine, and nothing in it may be passed over in silence.

import type { Hyper, Network } from "../../compile/plan.ts";

/** The first thing of a run that the kernels do not compute, as words; null when there is none. */
export function uncovered(network: Network, hyper: Hyper): string | null {
  const operations = [
    ...(network.before ?? []),
    ...network.layers.flatMap((layer) => layer.after ?? []),
  ];
  if (operations.length > 0) return operations[0].kind;
  if (network.optimizer.amsgrad) return "amsgrad";
  if (network.optimizer.centered) return "centered rmsprop";
  return OPTIONAL.find((name) => isSet(hyper[name])) ?? null;
}

/** Settings of `Hyper` that came after these kernels. */
const OPTIONAL = [
  "penalties",
  "alpha",
  "clipValue",
  "clipNorm",
  "globalClipNorm",
  "labelSmoothing",
  "classWeight",
  "learningRates",
  "earlyStopping",
  "reduceOnPlateau",
] as const satisfies readonly (keyof Hyper)[];

/** Absent and 0 both mean that there is nothing to do. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== 0;
}
