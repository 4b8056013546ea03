// Where each tensor lies in a network's flat parameter vector.

import type { Layer, ParameterLayout, ParameterTensor } from "./plan.ts";

/** Kernel (inputs, units) row-major, then bias (units) if the layer has one; layer after layer. */
export function parameterLayout(
  layers: readonly Pick<Layer, "inputs" | "units" | "useBias">[],
): ParameterLayout {
  const tensors: ParameterTensor[] = [];
  let offset = 0;
  const place = (layer: number, kind: ParameterTensor["kind"], shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    tensors.push({ layer, kind, shape, offset, size });
    offset += size;
  };
  layers.forEach(({ inputs, units, useBias }, i) => {
    place(i, "kernel", [inputs, units]);
    if (useBias) place(i, "bias", [units]);
  });
  return { tensors, size: offset };
}
