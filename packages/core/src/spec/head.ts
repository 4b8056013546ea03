// The head: the last dense layer of a model, which gives the outputs.

import type { DenseLayerSpec, ModelSpec } from "./spec.ts";

/** The head and its place in the list. A model has one: the schema asks for a dense layer. */
export function headOf(model: ModelSpec): { layer: DenseLayerSpec; index: number } {
  const index = model.layers.findLastIndex((layer) => layer.type === "dense");
  return { layer: model.layers[index] as DenseLayerSpec, index };
}
