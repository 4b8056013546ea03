// One dense layer of a kernel: where its tensors lie, and what happens to a sum before it is stored.

import type { Layer } from "@convergence-lab/core";
import { activationSource } from "../activation/activation.wgsl.ts";
import { softmaxGradientWgsl, softmaxWgsl } from "../activation/softmax.wgsl.ts";
import { isFromLogits } from "../loss/loss.wgsl.ts";
import type { DenseSite } from "./dense-passes.ts";
import type { KernelShape } from "./kernel-shape.ts";
import type { LayerGroup } from "./layer-groups.ts";
import { captureLayout, type LayerLayout, type MemoryLayout } from "./memory-layout.ts";
import type { Phase } from "./phase.ts";

export interface LayerSource {
  readonly activation: Layer["activation"];
  readonly layout: LayerLayout;
  readonly site: DenseSite;
  readonly outputs: (unit: string, block: string) => string;
  /** Passes that follow forward and precede backward when the activation is a softmax of its own. */
  readonly softmax: { readonly forward: Phase; readonly backward: Phase } | null;
}

export function layerSource(
  shape: KernelShape,
  layout: MemoryLayout,
  { first: l, count }: LayerGroup,
  lanes: string,
): LayerSource {
  const [inValues, inParameters] = count > 1 ? ["valueOffset + ", "parameterOffset + "] : ["", ""];
  const { network, batchSize, features, isCaptured } = shape;
  const { batchBlocks, parameterBlocks } = layout;
  const place = layout.layers[l];
  const { activation } = network.layers[l];
  const isLast = l === network.layers.length - 1;
  const isSoftmax = activation === "softmax" && !(isLast && isFromLogits(network.loss, activation));
  const overBlocks = (name: string, when: Phase["when"], source: string): Phase => ({
    name,
    when,
    items: batchBlocks,
    source: /* wgsl */ `${source}
fn ${name}(lane: u32) {
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) { ${name}Block(block); }
}
`,
  });
  const at = (region: number) => (feature: string, block: string) =>
    `${inValues}${region}u + (${feature}) * ${batchBlocks}u + ${block}`;
  const outputs = at(place.output);
  const gradient = at(place.gradient);
  const { bias } = place;
  const kernel = (input: string, unitBlock: string) =>
    `${inParameters}${place.kernel}u + (${input}) * ${place.unitBlocks}u + ${unitBlock}`;

  const finish = (unit: string, block: string, z: string): string => {
    const capture =
      isCaptured && isLast
        ? `captures[at.step * ${captureLayout(network, batchSize).stepBlocks}u + 1u + ${unit} * ${batchBlocks}u + ${block}] = ${z}; `
        : "";
    const output = `(*values)[${outputs(unit, block)}]`;
    if (activation === "softmax" || (isLast && isFromLogits(network.loss, activation))) {
      return `${capture}${output} = ${z};`;
    }
    const { slopeReadsActivation, keepsZero } = activationSource(activation);
    const isPadded = place.units % 4 !== 0;
    const mask = (value: string) =>
      isPadded ? `select(vec4f(), ${value}, ${unit} < ${place.units}u)` : value;
    const value = `activate_${activation}(${z})`;
    const masked = keepsZero ? value : mask(value);
    // The slopes of padding units would pass for gradients where the loss does not replace them.
    const slope = slopeReadsActivation
      ? ""
      : ` if (training) { (*values)[${gradient(unit, block)}] = ${mask(`slope_${activation}(${z})`)}; }`;
    return `${capture}${output} = ${masked};${slope}`;
  };

  const finishInputGradient = (input: string, block: string, d: string): string => {
    const before = network.layers[l - 1].activation;
    const target = `(*values)[${at(layout.layers[l - 1].gradient)(input, block)}]`;
    if (before === "softmax" || before === "linear") return `${target} = ${d};`;
    return activationSource(before).slopeReadsActivation
      ? `${target} = ${d} * slope_${before}((*values)[${at(place.input)(input, block)}]);`
      : `${target} *= ${d};`;
  };

  const finishKernelGradient = (input: string, unitBlock: string, d: string): string => {
    const index = kernel(input, unitBlock);
    const target = `(*parameters)[${index} + ${parameterBlocks}u]`;
    if (!features.kernelPenalty) return `${target} = ${d};`;
    return `{ let w = (*parameters)[${index}]; let penalty = networks[networkIndex].penalties[${l}u + repeated]; ${target} = ${d} + (penalty.x * sign(w) + 2.0 * penalty.y * w); }`;
  };

  return {
    activation,
    layout: place,
    outputs,
    softmax: isSoftmax
      ? {
          forward: overBlocks(
            `softmax${l}`,
            "always",
            softmaxWgsl(`softmax${l}Block`, place.units, (unit) => outputs(unit, "block")),
          ),
          backward: overBlocks(
            `softmaxGradient${l}`,
            "training",
            softmaxGradientWgsl(
              `softmaxGradient${l}Block`,
              place.units,
              (unit) => outputs(unit, "block"),
              (unit) => gradient(unit, "block"),
            ),
          ),
        }
      : null,
    site: {
      inputs: place.inputs,
      inputBlocks: place.inputBlocks,
      units: place.units,
      unitBlocks: place.unitBlocks,
      batchBlocks,
      lanes,
      name: (pass) => `${pass}${l}`,
      input: at(place.input),
      gradient,
      kernel,
      bias: bias === null ? null : (unitBlock) => `${inParameters}${bias}u + ${unitBlock}`,
      biasGradient:
        bias === null
          ? null
          : (unitBlock) => `${inParameters}${bias + parameterBlocks}u + ${unitBlock}`,
      finish,
      finishInputGradient,
      finishKernelGradient,
    },
  };
}
