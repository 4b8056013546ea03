// Layers that are alike and follow each other, as in 20-128-128-128-1, run one function in a loop:
// a kernel's text, and the time to compile it, then do not grow with the depth.

import type { Network } from "@convergence-lab/core";
import type { LayerLayout, MemoryLayout } from "./memory-layout.ts";

/** `count` layers from `first` on, and how many blocks each lies behind the last. */
export interface LayerGroup {
  readonly first: number;
  readonly count: number;
  readonly parameterStride: number;
  readonly valueStride: number;
  /** Of the moving statistics of a normalization. */
  readonly movingStride: number;
}

export function layerGroups(network: Network, layout: MemoryLayout): LayerGroup[] {
  const { layers } = layout;
  const isLike = (a: number, b: number) => network.layers[a].useBias === network.layers[b].useBias;
  const groups: LayerGroup[] = [];
  for (let first = 0; first < network.layers.length; ) {
    let end = first + 1;
    if (isRepeated(network, layout, first))
      while (isRepeated(network, layout, end) && isLike(first, end)) end++;
    const next = end - first > 1 ? layers[first + 1] : layers[first];
    groups.push({
      first,
      count: end - first,
      parameterStride: next.kernel - layers[first].kernel,
      valueStride: next.sums - layers[first].sums,
      movingStride: firstMoving(next) - firstMoving(layers[first]),
    });
    first = end;
  }
  return groups;
}

function firstMoving({ stages }: LayerLayout): number {
  return stages.flatMap(({ parameters }) => parameters.movingMean ?? [])[0] ?? 0;
}

/**
 * Whether a layer is as wide as the one before, and goes on alike. The first layer reads the inputs,
 * which may have no gradient, and the last one belongs to the loss; what is added to another layer
 * reaches past its neighbours.
 */
function isRepeated(network: Network, { layers }: MemoryLayout, l: number): boolean {
  const [before, here] = [l - 1, l].map((i) => network.layers[i]);
  return (
    l > 0 &&
    l < network.layers.length - 1 &&
    here.units === before.units &&
    here.activation === before.activation &&
    JSON.stringify(here.after ?? []) === JSON.stringify(before.after ?? []) &&
    !here.after?.some(({ kind }) => kind === "add") &&
    layers[l].added === null &&
    layers[l - 1].added === null
  );
}
