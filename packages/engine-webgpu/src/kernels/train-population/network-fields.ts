// What kernels read about one network from the table of a population: the one description from which
// both the WGSL struct and its content (population/network-table.ts) are made.

import type { Network } from "@convergence-lab/core";
import type { KernelFeatures } from "./kernel-shape.ts";

const FIELDS = {
  seed: "u32",
  epochs: "u32",
  trainRows: "u32",
  testRows: "u32",
  // Offsets into data, in blocks.
  trainInputs: "u32",
  trainLabels: "u32",
  testInputs: "u32",
  testLabels: "u32",
  trainWeights: "u32",
  testWeights: "u32",
  // First and last place in rates.
  firstLearningRate: "u32",
  lastLearningRate: "u32",
  firstCorrection: "u32",
  lastCorrection: "u32",
  momentum: "f32",
  beta1: "f32",
  oneMinusBeta1: "f32",
  beta2: "f32",
  oneMinusBeta2: "f32",
  rho: "f32",
  oneMinusRho: "f32",
  epsilon: "f32",
  weightDecay: "f32",
  // The value or norm that gradients are clipped to.
  clip: "f32",
  gamma: "f32",
  focalAlpha: "f32",
  labelSmoothing: "f32",
  // Callbacks. A monitor is the place of a signal in the curves.
  stoppingMonitor: "u32",
  stoppingPatience: "u32",
  stoppingMinDelta: "f32",
  plateauMonitor: "u32",
  plateauPatience: "u32",
  plateauCooldown: "u32",
  plateauMinDelta: "f32",
  plateauFactor: "f32",
  plateauMinLearningRate: "f32",
} as const;

/** Of a network that is measured: how often, and what its ring holds (probes/probe-ring.ts). */
const PROBE_FIELDS = {
  everySteps: "u32",
  everyEpochs: "u32",
  ringCounts: "u32",
  ringSteps: "u32",
} as const;

export type NetworkField = keyof typeof FIELDS;
export type ProbeField = keyof typeof PROBE_FIELDS;

type Typed<Name> = readonly [Name, "u32" | "f32"][];

export const NETWORK_FIELDS = Object.entries(FIELDS) as Typed<NetworkField>;

/** With those of probes where there are any. */
export function networkFields(isProbed: boolean): Typed<NetworkField | ProbeField> {
  return isProbed
    ? [...NETWORK_FIELDS, ...(Object.entries(PROBE_FIELDS) as Typed<ProbeField>)]
    : NETWORK_FIELDS;
}

/** Words of each entry of the arrays behind the fields. */
export const LAYER_WORDS = 8;
export const OPERATION_WORDS = 4;

/** Where the arrays of an entry begin, and how long it is, in words. */
export interface NetworkEntryLayout {
  readonly layers: number;
  readonly operations: number;
  readonly classWeights: number;
  readonly words: number;
}

/** Every array is one of 16 bytes, so that all begin and end at multiples of them. */
export function networkEntryLayout(
  network: Network,
  features: KernelFeatures,
  isProbed = false,
): NetworkEntryLayout {
  const layers = 4 * Math.ceil(networkFields(isProbed).length / 4);
  const operations = layers + LAYER_WORDS * network.layers.length;
  const classWeights = operations + OPERATION_WORDS * countOperations(network);
  const words =
    classWeights + (features.classWeight ? 4 * Math.ceil(countClasses(network) / 4) : 0);
  return { layers, operations, classWeights, words };
}

export function networkStructWgsl(
  network: Network,
  features: KernelFeatures,
  isProbed: boolean,
): string {
  const fields = networkFields(isProbed);
  const { layers } = networkEntryLayout(network, features, isProbed);
  const operations = countOperations(network);
  const padding = Array.from({ length: layers - fields.length }, (_, i) => `  padding${i}: u32,`);
  return /* wgsl */ `
struct LayerNumbers {
  // L1 and L2 each.
  kernelPenalty: vec2f,
  biasPenalty: vec2f,
  activityPenalty: vec2f,
  /** Slope or scale of the activation. */
  alpha: f32,
${isProbed ? "  /** Where the flat part of the block's first activation begins. */\n  flatBelow: f32,\n" : ""}}

struct Network {
${fields.map(([name, type]) => `  ${name}: ${type},`).join("\n")}
${padding.join("\n")}
  layers: array<LayerNumbers, ${network.layers.length}>,
${operations > 0 ? `  operations: array<vec4f, ${operations}>,` : ""}
${features.classWeight ? `  classWeights: array<vec4f, ${Math.ceil(countClasses(network) / 4)}>,` : ""}
}
`;
}

export function countOperations({ before = [], layers }: Network): number {
  return layers.reduce((sum, { after = [] }) => sum + after.length, before.length);
}

/** One output tells two classes apart. */
export function countClasses({ layers }: Network): number {
  return Math.max(2, layers[layers.length - 1].units);
}
