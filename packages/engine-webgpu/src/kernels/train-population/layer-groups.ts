// Layers that are alike and follow each other, as in 20-128-128-128-1, run one function in a loop:
// a kernel's text, and the time to compile it, then do not grow with the depth.

import type { Network } from "@convergence-lab/core";
import type { MemoryLayout } from "./memory-layout.ts";

/** `count` layers from `first` on, each `parameterStride` and `valueStride` blocks after the last. */
export interface LayerGroup {
  readonly first: number;
  readonly count: number;
  readonly parameterStride: number;
  readonly valueStride: number;
}

export function layerGroups(network: Network, { layers }: MemoryLayout): LayerGroup[] {
  const isLike = (a: number, b: number) => network.layers[a].useBias === network.layers[b].useBias;
  const groups: LayerGroup[] = [];
  for (let first = 0; first < network.layers.length; ) {
    let end = first + 1;
    if (isRepeated(network, first)) while (isRepeated(network, end) && isLike(first, end)) end++;
    const next = end - first > 1 ? layers[first + 1] : layers[first];
    groups.push({
      first,
      count: end - first,
      parameterStride: next.kernel - layers[first].kernel,
      valueStride: next.output - layers[first].output,
    });
    first = end;
  }
  return groups;
}

/**
 * Whether a layer is as wide as the one before, and activated alike. The first layer reads the
 * inputs, which have no gradient, and the last one belongs to the loss.
 */
function isRepeated({ layers }: Network, l: number): boolean {
  return (
    l > 0 &&
    l < layers.length - 1 &&
    layers[l].units === layers[l - 1].units &&
    layers[l].activation === layers[l - 1].activation &&
    layers[l].activation !== "softmax"
  );
}
