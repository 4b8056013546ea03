// A model's list of layers as checks look at it: each dense layer with what follows it up to the
// next, and with its place in the list, so that a finding can point there and a patch can change it.

import { foldBlocks } from "../compile/blocks.ts";
import { headOf } from "../spec/head.ts";
import type { DenseLayerSpec, Initializer, LayerSpec, ModelSpec } from "../spec/spec.ts";
import type { Activation } from "../spec/words.ts";
import { DEFAULT_ALPHA } from "../spec/words.ts";

export interface DenseBlock {
  /** Place of the dense layer in the list. */
  readonly index: number;
  readonly layer: DenseLayerSpec;
  readonly inputs: number;
  /** The layers behind it, up to the next dense layer, with their places in the list. */
  readonly after: readonly { readonly layer: LayerSpec; readonly index: number }[];
  /** Every activation that is not linear, in order: the dense layer's own and those behind it. */
  readonly activations: readonly { readonly name: Activation; readonly index: number }[];
}

/**
 * The dense layers of the part of a model that works on vectors, which is all of it unless there are
 * convolutions, tokens or steps in front; the last is the head.
 *
 * @throws SpecError when a layer does not fit the shape that reaches it.
 */
export function blocksOf(model: ModelSpec, inputs: number): DenseBlock[] {
  const first = model.layers.findLastIndex(({ type }) => !ON_VECTORS.has(type)) + 1;
  const blocks: { -readonly [K in keyof DenseBlock]: DenseBlock[K] }[] = [];
  model.layers.slice(first).forEach((layer, i) => {
    const index = first + i;
    if (layer.type === "dense") {
      blocks.push({
        index,
        layer,
        inputs: 0,
        after: [],
        activations: activationsFrom(model, index),
      });
    } else if (blocks.length > 0) {
      const block = blocks[blocks.length - 1];
      block.after = [...block.after, { layer, index }];
    }
  });
  const { layers } = foldBlocks(model, inputs);
  layers.slice(-blocks.length).forEach((layer, i) => {
    blocks[i].inputs = layer.inputs;
  });
  return blocks;
}

const ON_VECTORS: ReadonlySet<string> = new Set([
  "dense",
  "activation",
  "dropout",
  "alphaDropout",
  "gaussianNoise",
  "batchNormalization",
  "layerNormalization",
  "add",
]);

/** Those of the dense layer at `index` and of what follows it up to the next. */
function activationsFrom(model: ModelSpec, index: number): DenseBlock["activations"] {
  const next = model.layers.findIndex(({ type }, i) => i > index && type === "dense");
  const end = next === -1 ? model.layers.length : next;
  return model.layers.slice(index, end).flatMap((layer, i) => {
    if (layer.type !== "dense" && layer.type !== "activation") return [];
    const { name } = layer.activation;
    return name === "linear" ? [] : [{ name, index: index + i }];
  });
}

export function hiddenBlocks(model: ModelSpec, inputs: number): DenseBlock[] {
  return blocksOf(model, inputs).slice(0, -1);
}

/** What makes the network's output: the last activation of the head, or linear. */
export function headActivation(model: ModelSpec): Activation {
  return activationsFrom(model, headOf(model).index).at(-1)?.name ?? "linear";
}

/** Whether each column is a quantity by itself, and not a pixel, a step or a token. */
export function hasFeatures({ inputShape, layers }: ModelSpec): boolean {
  return inputShape === undefined && !layers.some(({ type }) => type === "embedding");
}

export function isNormalized({ after }: DenseBlock): boolean {
  return after.some(({ layer }) => /Normalization$/.test(layer.type));
}

/** "model.layers[2]", as the spec's own problems are placed. */
export function placeOf(index: number): string {
  return `model.layers[${index}]`;
}

/** "model.layers[0], model.layers[2]" */
export function placesText(indices: readonly number[]): string {
  return indices.map(placeOf).join(", ");
}

/** Whether every number that it draws is the same. */
export function isConstant(initializer: Initializer): boolean {
  if (/^(zeros|ones|constant)$/.test(initializer.name)) return true;
  if (initializer.name === "randomUniform") return initializer.minval === initializer.maxval;
  return "stddev" in initializer && initializer.stddev === 0;
}

/** Standard deviation of a standard normal number that is redrawn outside +-2. */
const TRUNCATED_SD = 0.87962566103423978;

/** Standard deviation of the weights that it draws for a kernel of this shape. */
export function initialSd(initializer: Initializer, fanIn: number, fanOut: number): number {
  switch (initializer.name) {
    case "zeros":
    case "ones":
    case "constant":
      return 0;
    // Their rows or columns have length `gain`.
    case "identity":
    case "orthogonal":
      return initializer.gain / Math.sqrt(Math.max(fanIn, fanOut));
    case "randomUniform":
      return (initializer.maxval - initializer.minval) / Math.sqrt(12);
    case "randomNormal":
      return initializer.stddev;
    case "truncatedNormal":
      return TRUNCATED_SD * initializer.stddev;
    case "varianceScaling": {
      const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[initializer.mode];
      return Math.sqrt(initializer.scale / Math.max(1, fan));
    }
    case "glorotUniform":
    case "glorotNormal":
      return Math.sqrt(2 / (fanIn + fanOut));
    case "heUniform":
    case "heNormal":
      return Math.sqrt(2 / fanIn);
    case "leCunUniform":
    case "leCunNormal":
      return Math.sqrt(1 / fanIn);
  }
}

/**
 * Root mean square slope of an activation where its inputs are small at the start: 1/2 of them pass
 * a ReLU (He et al. 2015), and a sigmoid's slope is at most 1/4.
 */
export function slopeAtStart(activations: DenseBlock["activations"]): number {
  return activations.reduce((slope, { name }) => slope * SLOPES[name], 1);
}

const SLOPES: Readonly<Record<Activation, number>> = {
  linear: 1,
  relu: Math.SQRT1_2,
  leakyReLU: Math.sqrt((1 + DEFAULT_ALPHA.leakyReLU! ** 2) / 2),
  prelu: Math.SQRT1_2,
  elu: 1,
  selu: 1,
  gelu: Math.SQRT1_2,
  geluTanh: Math.SQRT1_2,
  sigmoid: 1 / 4,
  hardSigmoid: 1 / 6,
  tanh: 1,
  softplus: 1 / 2,
  softsign: 1,
  swish: 1 / 2,
  mish: 0.6,
  exponential: 1,
  softmax: 1 / 4,
};
