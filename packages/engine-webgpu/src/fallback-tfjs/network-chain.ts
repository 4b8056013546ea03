// A network of a plan as the chain of its layers, from its inputs to its output.

import {
  type Activation,
  DEFAULT_ALPHA,
  type Hyper,
  type Network,
  type Operation,
  type ParameterTensor,
} from "@convergence-lab/core";
import { activation } from "./layers/activation.ts";
import { dense } from "./layers/dense.ts";
import { type Layer, type SampleShape, sizeOf } from "./layers/layer.ts";
import { batchNormalization, layerNormalization } from "./layers/normalization.ts";
import { prelu } from "./layers/prelu.ts";
import { alphaDropout, dropout, gaussianNoise } from "./layers/random-layers.ts";
import { transformLayer } from "./layers/transform-layer.ts";

export interface NetworkChain {
  readonly links: readonly Link[];
  /** The link whose output are the pre-activations of the last dense layer. */
  readonly logits: number;
  /** The first activation of each block: linear at its dense layer where it has none. */
  readonly activations: readonly ActivationLink[];
  /** What makes the network's output; linear where that is no activation. */
  readonly lastActivation: Activation;
}

export interface ActivationLink {
  readonly activation: Activation;
  /** Slope or scale of each network. */
  readonly alphas: readonly number[];
  /** The links whose outputs are its input and its output. */
  readonly input: number;
  readonly output: number;
}

export type Link = LayerLink | AddLink;

export interface LayerLink {
  readonly layer: Layer;
  /** Where the layer's parameters lie in the flat vector; in the order of `layer.parameters`. */
  readonly tensors: readonly ParameterTensor[];
  /** The block whose activated output this link gives, where the plan may penalize it. */
  readonly activityOf: number | null;
}

/** Adds the output of an earlier link. */
export interface AddLink {
  readonly adds: number;
}

export function networkChain(network: Network, hypers: readonly Hyper[]): NetworkChain {
  const { inputs, before = [], layers, layout } = network;
  const links: Link[] = [];
  /** The last link of each block. */
  const ends: number[] = [];
  const activations: ActivationLink[] = [];
  let shape: SampleShape = [inputs];
  let position = 0;
  let logits = 0;
  let lastActivation: Activation = "linear";
  const tensorsOf = (layer: number, operation?: number) =>
    layout.tensors.filter((t) => t.layer === layer && t.operation === operation);
  const append = (
    layer: Layer,
    tensors: readonly ParameterTensor[],
    activityOf: number | null = null,
  ) => links.push({ layer, tensors, activityOf });
  /** Notes the activation that the next link is, if it is the block's first. */
  const activate = (block: number, name: Activation, alphas: readonly number[]) => {
    if (activations[block]?.activation !== "linear") return;
    const output = links.length;
    activations[block] = { activation: name, alphas, input: output - 1, output };
  };
  const operate = (operation: Operation, block: number) => {
    const at = position++;
    const numbers = (key: "rate" | "stddev" | "momentum" | "epsilon" | "alpha") =>
      hypers.map((hyper) => hyper.operations?.[at]?.[key] ?? 0);
    const width = sizeOf(shape);
    const channels = ("channels" in operation && operation.channels) || width;
    const places = channels === width ? [width] : [width / channels, channels];
    const tensors = tensorsOf(block, at);
    if (operation.kind === "activation") {
      if (operation.activation === "linear") return;
      lastActivation = operation.activation;
      activate(block, operation.activation, numbers("alpha"));
      append(activationLayer(places, operation.activation, numbers("alpha")), tensors);
      return;
    }
    lastActivation = "linear";
    switch (operation.kind) {
      case "dropout":
        append(dropout([width], at, numbers("rate")), tensors);
        return;
      case "alphaDropout":
        append(alphaDropout([width], at, numbers("rate")), tensors);
        return;
      case "gaussianNoise":
        append(gaussianNoise([width], at, numbers("stddev")), tensors);
        return;
      case "batchNormalization": {
        const options = { epsilons: numbers("epsilon"), momenta: numbers("momentum") };
        append(batchNormalization(places, { ...operation, ...options }), tensors);
        return;
      }
      case "layerNormalization":
        append(layerNormalization(places, { ...operation, epsilons: numbers("epsilon") }), tensors);
        return;
      case "add":
        links.push({ adds: ends[operation.from] });
    }
  };
  for (const operation of before) operate(operation, 0);
  layers.forEach((block, l) => {
    const own = tensorsOf(l);
    const isLinear = block.activation === "linear";
    const weights = own.filter(({ kind }) => kind !== "alpha");
    const layer = block.transform
      ? transformLayer(block.transform, block.useBias)
      : dense([block.inputs], block);
    append(layer, weights, isLinear ? l : null);
    shape = layer.outputShape;
    logits = links.length - 1;
    activations.push({ activation: "linear", alphas: [], input: logits, output: logits });
    lastActivation = block.activation;
    if (!isLinear) {
      const alphas = hypers.map(({ alpha }) => alpha?.[l] ?? DEFAULT_ALPHA[block.activation] ?? 0);
      activate(l, block.activation, alphas);
      append(
        activationLayer(shape, block.activation, alphas),
        own.filter(({ kind }) => kind === "alpha"),
        l,
      );
    }
    for (const operation of block.after ?? []) operate(operation, l);
    ends.push(links.length - 1);
  });
  return { links, logits, activations, lastActivation };
}

function activationLayer(
  shape: readonly number[],
  name: Activation,
  alphas: readonly number[],
): Layer {
  return name === "prelu" ? prelu(shape) : activation(shape, name, alphas);
}
