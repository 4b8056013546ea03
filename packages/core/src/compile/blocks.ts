// Folds a model's list of layers into blocks: a dense layer and the operations that follow it up
// to the next one. Engines know blocks, not lists.

import { DEFAULT_ALPHA } from "../spec/activations.ts";
import { SpecError } from "../spec/errors.ts";
import type { LayerSpec, ModelSpec } from "../spec/spec.ts";
import type { Layer, LayerPenalties, Operation, OperationHyper } from "./plan.ts";

export interface Blocks {
  readonly before: readonly Operation[];
  readonly layers: readonly Layer[];
  /** Numbers of the operations, in the order of their positions. */
  readonly operations: readonly OperationHyper[];
  readonly penalties: readonly LayerPenalties[];
  /** Per block: what the activation's alpha is. */
  readonly alpha: readonly number[];
  /** Per block: penalties on the kernel. */
  readonly l1: readonly number[];
  readonly l2: readonly number[];
}

/** @throws SpecError when an `add` names a layer that is not there, or one of another width. */
export function foldBlocks(model: ModelSpec, inputs: number): Blocks {
  const before: Operation[] = [];
  const layers: (Layer & { after: Operation[] })[] = [];
  const operations: OperationHyper[] = [];
  const dense: Extract<LayerSpec, { type: "dense" }>[] = [];
  /** For each layer of the list, the block whose output it gives when it is the block's last. */
  const blockOf: number[] = [];
  let width = inputs;
  model.layers.forEach((layer, i) => {
    if (layer.type === "dense") {
      const { units, activation, useBias, kernelInitializer, biasInitializer } = layer;
      layers.push({
        inputs: width,
        units,
        activation: activation.name,
        useBias,
        kernelInitializer,
        biasInitializer,
        after: [],
      });
      dense.push(layer);
      width = units;
    } else {
      const target = layers.at(-1)?.after ?? before;
      target.push(operation(layer, i, model, layers, blockOf));
      operations.push(operationHyper(layer));
    }
    blockOf.push(layers.length - 1);
  });
  return {
    before,
    layers,
    operations,
    penalties: dense.map(({ biasRegularizer, activityRegularizer }) => ({
      biasL1: biasRegularizer.l1,
      biasL2: biasRegularizer.l2,
      activityL1: activityRegularizer.l1,
      activityL2: activityRegularizer.l2,
    })),
    alpha: dense.map(({ activation }) => activation.alpha ?? DEFAULT_ALPHA[activation.name] ?? 0),
    l1: dense.map((layer) => layer.kernelRegularizer.l1),
    l2: dense.map((layer) => layer.kernelRegularizer.l2),
  };
}

type OperationSpec = Exclude<LayerSpec, { type: "dense" }>;

function operation(
  layer: OperationSpec,
  index: number,
  model: ModelSpec,
  layers: readonly Layer[],
  blockOf: readonly number[],
): Operation {
  switch (layer.type) {
    case "activation":
      return { kind: "activation", activation: layer.activation.name };
    case "dropout":
    case "alphaDropout":
    case "gaussianNoise":
      return { kind: layer.type };
    case "batchNormalization":
    case "layerNormalization":
      return { kind: layer.type, center: layer.center, scale: layer.scale };
    case "add":
      return { kind: "add", from: addedBlock(layer.from, index, model, layers, blockOf) };
  }
}

/** An `add` may name any earlier layer that ends a block of the present width. */
function addedBlock(
  from: number,
  index: number,
  model: ModelSpec,
  layers: readonly Layer[],
  blockOf: readonly number[],
): number {
  const current = layers.length - 1;
  const block = blockOf[from];
  const endsBlock = model.layers[from + 1]?.type === "dense";
  const width = layers[current]?.units;
  const problem =
    block === undefined || block < 0 || block >= current || !endsBlock
      ? `is ${from}; name a layer before the present dense layer that is followed by a dense layer.`
      : layers[block].units !== width
        ? `names a layer of ${layers[block].units} units, but here are ${width}; both must be equal.`
        : undefined;
  if (problem === undefined) return block;
  throw new SpecError([
    {
      code: "SPEC_SHAPE_MISMATCH",
      path: ["model", "layers", index, "from"],
      message: problem,
    },
  ]);
}

function operationHyper(layer: OperationSpec): OperationHyper {
  const none = { rate: 0, stddev: 0, momentum: 0, epsilon: 0, alpha: 0 };
  switch (layer.type) {
    case "activation": {
      const { name, alpha } = layer.activation;
      return { ...none, alpha: alpha ?? DEFAULT_ALPHA[name] ?? 0 };
    }
    case "dropout":
    case "alphaDropout":
      return { ...none, rate: layer.rate };
    case "gaussianNoise":
      return { ...none, stddev: layer.stddev };
    case "batchNormalization":
      return { ...none, momentum: layer.momentum, epsilon: layer.epsilon };
    case "layerNormalization":
      return { ...none, epsilon: layer.epsilon };
    case "add":
      return none;
  }
}
