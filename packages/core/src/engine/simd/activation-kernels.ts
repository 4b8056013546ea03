// Which kernels an activation is.

import type { Activation } from "../../spec/words.ts";
import type { ActivationBackward, ActivationForward, Kernels } from "./kernels.ts";

export interface ActivationKernels {
  readonly forward: ActivationForward;
  readonly backward: ActivationBackward;
}

/** Null for linear, which is no work, and for prelu, which has parameters. */
export function activationKernels(
  kernels: Kernels,
  activation: Activation,
): ActivationKernels | null {
  if (activation === "linear" || activation === "prelu") return null;
  return {
    forward: kernels[`${activation}Forward`],
    backward: kernels[`${activation}Backward`],
  };
}
