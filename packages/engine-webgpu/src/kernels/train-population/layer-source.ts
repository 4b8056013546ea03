// One dense layer of a kernel with the stages behind it: where its tensors lie, and what happens to
// a sum before it is stored.

import { activationCall, activationSource } from "../activation/activation.wgsl.ts";
import type { DenseSite } from "./dense-passes.ts";
import type { KernelShape } from "./kernel-shape.ts";
import type { LayerGroup } from "./layer-groups.ts";
import { lossHead } from "./loss-head.ts";
import {
  type ChainLayout,
  captureLayout,
  type LayerLayout,
  type MemoryLayout,
  type StageLayout,
} from "./memory-layout.ts";
import { activationStage } from "./operations/activation.wgsl.ts";
import { add } from "./operations/add.wgsl.ts";
import { batchNormalization } from "./operations/batch-normalization.wgsl.ts";
import { layerNormalization } from "./operations/layer-normalization.wgsl.ts";
import { alphaDropout, dropout, gaussianNoise } from "./operations/noise.wgsl.ts";
import type { StagePhases, StageSite } from "./operations/stage.ts";

type Place = (unit: string, block: string) => string;

export interface LayerSource {
  readonly layout: LayerLayout;
  readonly site: DenseSite;
  readonly stages: readonly StagePhases[];
  /** The layer's own activation backward on the activity penalty's gradient alone. */
  readonly aside: StagePhases | null;
  /** Places in memory. */
  readonly outputs: Place;
  readonly activated: Place;
  readonly gradients: Place;
  /** A statement that stores the loss's derivative by `output`, as the loss reads it. */
  readonly storeGradient: (unit: string, block: string, slope: string) => string;
}

export function layerSource(
  shape: KernelShape,
  layout: MemoryLayout,
  group: LayerGroup,
  lanes: string,
): LayerSource {
  const { first: l, count } = group;
  const [inValues, inParameters] = count > 1 ? ["valueOffset + ", "parameterOffset + "] : ["", ""];
  const { network, features, isCaptured } = shape;
  const { batchBlocks, parameterBlocks } = layout;
  const place = layout.layers[l];
  const { activation } = network.layers[l];
  const isLast = l === network.layers.length - 1;
  const head = lossHead(network);
  const index = (region: number): Place => {
    return (feature, block) => `${inValues}${region}u + (${feature}) * ${batchBlocks}u + ${block}`;
  };
  const at = (region: number): Place => {
    return (feature, block) => `(*values)[${index(region)(feature, block)}]`;
  };
  const kernel = (input: string, unitBlock: string) =>
    `${inParameters}${place.kernel}u + (${input}) * ${place.unitBlocks}u + ${unitBlock}`;
  const gradients = at(place.gradient);
  const numbers = `networks[networkIndex].layers[${l}u + repeated]`;

  const finish = (unit: string, block: string, z: string): string => {
    const { logits, stepBlocks } = captureLayout(layout);
    const capture =
      isCaptured && isLast
        ? `captures[at.step * ${stepBlocks}u + ${logits}u + ${unit} * ${batchBlocks}u + ${block}] = ${z}; `
        : "";
    const output = at(place.sums)(unit, block);
    if (!place.isFused || (isLast && head.passesActivation)) return `${capture}${output} = ${z};`;
    const { slopeReadsActivation, keepsZero } = activationSource(activation);
    const isPadded = place.units % 4 !== 0;
    const mask = (value: string) =>
      isPadded ? `select(vec4f(), ${value}, ${unit} < ${place.units}u)` : value;
    const value = activationCall("activate", activation, z, `${numbers}.alpha`);
    const masked = keepsZero ? value : mask(value);
    // The slopes of padding units would pass for gradients where the loss does not replace them.
    const slope = slopeReadsActivation
      ? ""
      : ` if (training) { ${gradients(unit, block)} = ${mask(activationCall("slope", activation, z, `${numbers}.alpha`))}; }`;
    return `${capture}${output} = ${masked};${slope}`;
  };

  const finishInputGradient = (input: string, block: string, d: string): string => {
    if (l === 0) return `${at(layout.before.gradient!)(input, block)} = ${d};`;
    const before = layout.layers[l - 1];
    const gathered = before.added === null ? d : `(${d} + ${at(before.added)(input, block)})`;
    return storeFused(l - 1, at(before.gradient)(input, block), gathered, () =>
      at(before.output)(input, block),
    );
  };

  /** Takes a gradient by a layer's output to where backward goes on from it. */
  const storeFused = (layer: number, target: string, d: string, output: () => string): string => {
    const { activation: name } = network.layers[layer];
    if (!layout.layers[layer].isFused || name === "linear") return `${target} = ${d};`;
    return activationSource(name).slopeReadsActivation
      ? `${target} = ${d} * slope_${name}(${output()});`
      : `${target} *= ${d};`;
  };

  const finishParameter = (isPenalized: boolean, field: string) => (place: string, d: string) => {
    const target = `(*parameters)[${place} + ${parameterBlocks}u]`;
    return isPenalized
      ? `{ let w = (*parameters)[${place}]; let penalty = ${numbers}.${field}; ${target} = ${d} + (penalty.x * sign(w) + 2.0 * penalty.y * w); }`
      : `${target} = ${d};`;
  };
  const finishKernel = finishParameter(features.kernelPenalty, "kernelPenalty");
  const finishBias = finishParameter(features.biasPenalty, "biasPenalty");
  const bias =
    place.bias === null
      ? null
      : (unitBlock: string) => `${inParameters}${place.bias}u + ${unitBlock}`;

  const sites = stageSites(shape, layout, lanes, group);
  const chain = { ...place, name: `${l}` };
  const aside =
    place.aside === null
      ? null
      : {
          ...sites(chain, place.stages[0], 0),
          gradient: at(place.aside),
          name: (pass: string) => `${pass}${l}Aside`,
        };
  return {
    layout: place,
    outputs: at(place.output),
    activated: at(place.activated),
    gradients,
    storeGradient: (unit, block, slope) => {
      const target = gradients(unit, block);
      if (head.passesActivation) return `${target} = ${slope};`;
      return storeFused(l, target, slope, () => "output");
    },
    stages: place.stages.map((stage, s) =>
      stagePhases(layout, stage, sites(chain, stage, s), `${numbers}.alpha`),
    ),
    aside: aside && activationStage(activation, aside, `${numbers}.alpha`),
    site: {
      inputs: place.inputs,
      inputBlocks: place.inputBlocks,
      units: place.units,
      unitBlocks: place.unitBlocks,
      batchBlocks,
      lanes,
      name: (pass) => `${pass}${l}`,
      input: index(place.input),
      gradient: index(place.gradient),
      kernel,
      bias,
      finish,
      finishInputGradient,
      finishKernelGradient: (input, unitBlock, d) => finishKernel(kernel(input, unitBlock), d),
      finishBiasGradient: (unitBlock, d) => finishBias(bias!(unitBlock), d),
    },
  };
}

/** The phases of the operations on the inputs. */
export function beforeStages(
  shape: KernelShape,
  layout: MemoryLayout,
  lanes: string,
): readonly StagePhases[] {
  const { before } = layout;
  const group: LayerGroup = {
    first: 0,
    count: 1,
    parameterStride: 0,
    valueStride: 0,
    movingStride: 0,
  };
  const sites = stageSites(shape, layout, lanes, group);
  return before.stages.map((stage, s) =>
    stagePhases(layout, stage, sites({ ...before, name: "Before" }, stage, s), ""),
  );
}

function stageSites(
  { network }: KernelShape,
  { batchBlocks, parameterBlocks }: MemoryLayout,
  lanes: string,
  { first: l, count, movingStride }: LayerGroup,
) {
  const [inValues, inParameters] = count > 1 ? ["valueOffset + ", "parameterOffset + "] : ["", ""];
  const inMoving = count > 1 ? `repeated * ${movingStride}u + ` : "";
  const at =
    (region: number | null): Place =>
    (unit, block) =>
      `(*values)[${inValues}${region}u + (${unit}) * ${batchBlocks}u + ${block}]`;
  return (chain: ChainLayout & { name: string }, stage: StageLayout, s: number): StageSite => {
    const { position, parameters } = stage;
    const perLayer = network.layers[l].after?.length ?? 0;
    const place = count > 1 ? `(${position}u + repeated * ${perLayer}u)` : `${position}u`;
    const parameter = (copy: number) => (kind: keyof typeof parameters, unitBlock: string) => {
      const first = parameters[kind];
      if (first === undefined) return null;
      const offset = kind.startsWith("moving") ? inMoving : inParameters;
      return `(*parameters)[${offset}${first + copy * parameterBlocks}u + ${unitBlock}]`;
    };
    return {
      units: chain.units,
      unitBlocks: chain.unitBlocks,
      batchBlocks,
      lanes,
      name: (pass) => `${pass}${chain.name}_${s}`,
      input: at(stage.input),
      output: at(stage.output),
      gradient: at(chain.gradient),
      moment: (i) => `(*values)[${inValues}${stage.moments}u + ${i}]`,
      parameter: parameter(0),
      parameterGradient: parameter(1),
      numbers: `networks[networkIndex].operations[${place}]`,
      position: place,
    };
  };
}

/** @param alpha Of a layer's own activation, an expression. */
function stagePhases(
  layout: MemoryLayout,
  { operation, position }: StageLayout,
  site: StageSite,
  alpha: string,
): StagePhases {
  switch (operation.kind) {
    case "activation":
      return activationStage(
        operation.activation,
        site,
        position === null ? alpha : `${site.numbers}.x`,
      );
    case "dropout":
      return dropout(site);
    case "alphaDropout":
      return alphaDropout(site);
    case "gaussianNoise":
      return gaussianNoise(site);
    case "batchNormalization":
      return batchNormalization(site);
    case "layerNormalization":
      return layerNormalization(site);
    case "add": {
      const { output, added } = layout.layers[operation.from];
      const at =
        (region: number): Place =>
        (unit, block) =>
          `(*values)[${region}u + (${unit}) * ${layout.batchBlocks}u + ${block}]`;
      const adding = layout.layers.flatMap(({ stages }) =>
        stages.filter((s) => s.operation.kind === "add" && s.operation.from === operation.from),
      );
      const isLast = adding[adding.length - 1].position === position;
      return add(site, at(output), at(added!), isLast);
    }
  }
}
