// Which kernels an activation is.

import type { Activation } from "../../spec/spec.ts";
import type { ActivationBackward, ActivationForward, Kernels } from "./kernels.ts";
import { hasKernels, UnsupportedBySimdError } from "./supports.ts";

export interface ActivationKernels {
  readonly forward: ActivationForward;
  readonly backward: ActivationBackward;
}

/** Null for linear, which is no work. */
export function activationKernels(
  kernels: Kernels,
  activation: Activation,
): ActivationKernels | null {
  if (activation === "linear") return null;
  if (!hasKernels(activation)) throw new UnsupportedBySimdError(`the activation ${activation}`);
  return {
    forward: kernels[`${activation}Forward`],
    backward: kernels[`${activation}Backward`],
  };
}
