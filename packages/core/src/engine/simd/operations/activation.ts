// An activation as a stage.

import type { Activation } from "../../../spec/words.ts";
import { activationKernels } from "../activation-kernels.ts";
import { rowBytes } from "../padding.ts";
import type { Parameter } from "../parameters.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

/**
 * Null for linear, which is no work.
 * @param slopes Those of prelu; null for every other activation.
 */
export function activationStage(
  activation: Activation,
  site: Site,
  slopes: Parameter | null,
): Stage | null {
  if (activation === "linear") return null;
  if (activation === "prelu") return prelu(site, slopes!);
  const { kernels, input, units, numbers } = site;
  const { forward, backward } = activationKernels(kernels, activation)!;
  const { alpha } = numbers;
  const bytes = rowBytes(units);
  const output = allocateMatrix(site);
  return {
    activation: { name: activation, alpha },
    input,
    output,
    forward: (rows) => forward(input, output, rows, units, bytes, alpha),
    backward: (rows, gradient) => backward(input, output, gradient, rows, units, bytes, alpha),
  };
}

/** relu where matmul has computed it already, over the pre-activations. */
export function fusedRelu({ kernels, input, units }: Site): Stage {
  const bytes = rowBytes(units);
  return {
    activation: { name: "relu", alpha: 0 },
    input,
    output: input,
    forward: () => {},
    backward: (rows, gradient) =>
      kernels.reluBackward(input, input, gradient, rows, units, bytes, 0),
  };
}

function prelu(site: Site, { value, gradient: dSlopes }: Parameter): Stage {
  const { kernels, input, units } = site;
  const bytes = rowBytes(units);
  const output = allocateMatrix(site);
  return {
    activation: { name: "prelu", alpha: 0 },
    input,
    output,
    forward: (rows) => kernels.preluForward(input, value, output, rows, bytes),
    backward: (rows, gradient) =>
      kernels.preluBackward(input, value, gradient, dSlopes, rows, bytes),
  };
}
