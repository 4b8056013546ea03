// Softmax over the units of each sample, for layers whose loss does not take their logits: a hidden
// softmax, or one under another loss. Four samples at once; values are replaced in place.

import { openNetwork } from "../network-memory.wgsl.ts";

/** Index expression of a unit's block. */
type Place = (unit: string) => string;

/** The function `<name>(block)`: pre-activations become activations. */
export function softmaxWgsl(name: string, units: number, outputs: Place): string {
  return /* wgsl */ `
fn ${name}(block: u32) {${openNetwork}
  var largest = (*values)[${outputs("0u")}];
  for (var unit = 1u; unit < ${units}u; unit++) {
    largest = max(largest, (*values)[${outputs("unit")}]);
  }
  var sum = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) {
    sum += exp((*values)[${outputs("unit")}] - largest);
  }
  for (var unit = 0u; unit < ${units}u; unit++) {
    (*values)[${outputs("unit")}] = exp((*values)[${outputs("unit")}] - largest) / sum;
  }
}
`;
}

/**
 * The function `<name>(block)`: dActivation becomes dPreActivation,
 * `a[j] * (dActivation[j] - sum_k a[k] * dActivation[k])`.
 */
export function softmaxGradientWgsl(
  name: string,
  units: number,
  outputs: Place,
  gradient: Place,
): string {
  return /* wgsl */ `
fn ${name}(block: u32) {${openNetwork}
  var mean = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) {
    mean += (*values)[${outputs("unit")}] * (*values)[${gradient("unit")}];
  }
  for (var unit = 0u; unit < ${units}u; unit++) {
    (*values)[${gradient("unit")}] = (*values)[${outputs("unit")}] * ((*values)[${gradient("unit")}] - mean);
  }
}
`;
}
