// The dense layers as a table that the phases of all of them read: what differs between layers is a
// row of it, so that the text does not grow with the depth.

import { flatRange, isBounded } from "@convergence-lab/core";
import { openNetwork } from "../../network-memory.wgsl.ts";
import type { MemoryLayout } from "../memory-layout.ts";
import type { ProbedLayer, ProbeLayout } from "./probe-layout.ts";

export function probedLayersWgsl({ batchBlocks }: MemoryLayout, { layers }: ProbeLayout): string {
  return /* wgsl */ `
struct ProbedLayer {
  inputs: u32,
  units: u32,
  unitBlocks: u32,
  // In parameters.
  kernel: u32,
  bias: u32,
  // In values: what the product reads, its gradient, and the activation's input and output.
  input: u32,
  gradient: u32,
  z: u32,
  a: u32,
  /** What tells as well as z whether a unit is on a flat part. */
  flat: u32,
  sides: u32,
  /** Whether the loss passes the activation by. */
  isPassed: u32,
  /** Blocks of units of the layers before. */
  firstItem: u32,
}
/** For a layer without a bias, and where z is not kept. */
const NONE = 0xffffffffu;
var<private> probedLayers = array<ProbedLayer, ${layers.length}>(
${layers.map((layer) => `  ProbedLayer(${layerWords(layer).join(", ")}),`).join("\n")}
);

/** The layer's pre-activation at \`place\`, or computed once more. */
fn preActivation(layer: ProbedLayer, place: u32, unit: u32, block: u32) -> vec4f {${openNetwork}
  if (place != NONE) { return (*values)[place + unit * ${batchBlocks}u + block]; }
  var z = vec4f();
  if (layer.bias != NONE) { z = vec4f((*parameters)[layer.bias + unit / 4u][unit % 4u]); }
  for (var i = 0u; i < layer.inputs; i++) {
    z += (*values)[layer.input + i * ${batchBlocks}u + block] * (*parameters)[layer.kernel + i * layer.unitBlocks + unit / 4u][unit % 4u];
  }
  return z;
}
`;
}

/** Sides on which an activation is flat; softmax has none. */
function sidesOf({ activation }: ProbedLayer): number {
  if (isSoftmax({ activation }) || activation === "linear" || activation === "prelu") return 0;
  return isBounded(activation) ? 2 : 1;
}

export function isSoftmax({ activation }: Pick<ProbedLayer, "activation">): boolean {
  return activation === "softmax";
}

function layerWords(layer: ProbedLayer): string[] {
  const { layout, activation, z, a, firstItem } = layer;
  const { inputs, units, unitBlocks, kernel, bias, input, gradient } = layout;
  // relu gives 0 exactly where its input is not positive.
  const flat = z ?? (activation === "relu" ? a : null);
  return [
    inputs,
    units,
    unitBlocks,
    kernel,
    bias,
    input,
    gradient,
    z,
    a,
    flat,
    sidesOf(layer),
    Number(layer.isPassed),
    firstItem,
  ].map((word) => (word === null ? "NONE" : `${word}u`));
}

/** Where the flat part of a layer's activation begins, as the kernel compares with it. */
export function flatBelow({ activation }: ProbedLayer, alpha: number): number {
  const low = flatRange(activation, alpha)?.low ?? Number.NEGATIVE_INFINITY;
  return Math.max(low, LOWEST);
}

/** WGSL may assume that there is no infinity. */
const LOWEST = -3.4028234663852886e38;
