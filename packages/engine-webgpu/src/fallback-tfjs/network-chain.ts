// A network of a plan as the chain of its layers. The last activation stands apart, because some
// losses are computed from what goes into it.

import type { Network, ParameterTensor } from "@convergence-lab/core";
import { activation } from "./layers/activation.ts";
import { dense } from "./layers/dense.ts";
import type { Layer } from "./layers/layer.ts";

export interface NetworkChain {
  readonly links: readonly Link[];
  /** From logits to the network's output. */
  readonly lastActivation: Layer;
}

export interface Link {
  readonly layer: Layer;
  /** Where the layer's parameters lie in the flat vector; in the order of `layer.parameters`. */
  readonly tensors: readonly ParameterTensor[];
}

export function networkChain({ inputs, layers, layout }: Network): NetworkChain {
  const links: Link[] = [];
  let shape: readonly number[] = [inputs];
  const append = (layer: Layer, tensors: readonly ParameterTensor[] = []) => {
    links.push({ layer, tensors });
    shape = layer.outputShape;
  };
  layers.forEach((block, l) => {
    const tensors = layout.tensors.filter((tensor) => tensor.layer === l);
    append(dense(shape, block), tensors);
    if (l < layers.length - 1) append(activation(shape, block.activation));
  });
  return { links, lastActivation: activation(shape, layers[layers.length - 1].activation) };
}
