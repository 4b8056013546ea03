// Where the first number arose that is not finite, found when a run has ended: the parameters tell
// whether it was in the last update, and the batch last evaluated where else.

import type { ParameterLayout } from "../../compile/plan.ts";
import type { NonFinite } from "../../trace/trace-event.ts";
import { allFinite, dense, type Numbers } from "./matrix.ts";
import type { ProbedNetwork } from "./probed-network.ts";

/**
 * @param steps Updates taken.
 * @param divergedOn Rows of the batch whose loss was not finite; null when every loss was finite.
 */
export function firstNonFinite(
  network: ProbedNetwork,
  { tensors }: ParameterLayout,
  layers: number,
  steps: number,
  divergedOn: number | null,
): NonFinite | null {
  const bad = (numbers: Numbers) =>
    tensors.filter(
      ({ offset, size }) => !allFinite(dense(numbers.subarray(offset, offset + size), size)),
    );
  const parameters = bad(network.viewParameters());
  if (parameters.length > 0) {
    // Not even the first step has begun: whoever made these parameters is to blame.
    if (steps === 0) return { step: 0, tensor: "parameters", layer: parameters[0].layer };
    const gradients = bad(network.viewGradients());
    const [tensor, layer] =
      gradients.length > 0
        ? (["gradients", Math.max(...gradients.map((place) => place.layer))] as const)
        : (["parameters", Math.min(...parameters.map((place) => place.layer))] as const);
    return { step: steps - 1, tensor, layer };
  }
  if (divergedOn === null) return null;
  const step = steps;
  if (!allFinite(network.viewInputs(divergedOn))) return { step, tensor: "inputs" };
  for (let layer = 0; layer < layers; layer++) {
    const { z, a } = network.viewActivation(layer, divergedOn);
    if (!allFinite(z) || !allFinite(a)) return { step, tensor: "activations", layer };
  }
  return { step, tensor: "loss" };
}
