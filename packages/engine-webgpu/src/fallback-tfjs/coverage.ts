// What the fallback does not have yet. The plan can say more than it computes, and nothing in a plan
// may be passed over in silence.

import type { Hyper, Network } from "@convergence-lab/core";
import { TfjsError } from "./errors.ts";

/** @throws TfjsError TFJS_UNSUPPORTED, naming the first thing that is not computed here. */
export function requireCovered(network: Network, hyper: Hyper): void {
  const what = uncovered(network, hyper);
  if (what === null) return;
  throw new TfjsError(
    "TFJS_UNSUPPORTED",
    `the tfjs engine does not compute ${what}; use the engine "cpu".`,
  );
}

function uncovered(network: Network, hyper: Hyper): string | null {
  const operations = [
    ...(network.before ?? []),
    ...network.layers.flatMap((layer) => layer.after ?? []),
  ];
  if (operations.length > 0) return operations[0].kind;
  if (network.optimizer.amsgrad) return "amsgrad";
  if (network.optimizer.centered) return "centered rmsprop";
  // Absent and 0 both mean that there is nothing to do.
  return SETTINGS.find((name) => hyper[name] !== undefined && hyper[name] !== 0) ?? null;
}

const SETTINGS = [
  "penalties",
  "alpha",
  "clipValue",
  "clipNorm",
  "globalClipNorm",
  "labelSmoothing",
  "classWeight",
  "earlyStopping",
  "reduceOnPlateau",
] as const satisfies readonly (keyof Hyper)[];
