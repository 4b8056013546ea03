// Folds a model's list of layers into blocks: a layer with a kernel or over a shape, and the
// operations that follow it up to the next one. Engines know blocks, not lists. Flatten and reshape
// are no work: they change what shape the layers behind them see.

import { SpecError, type SpecPath, type SpecProblemCode } from "../spec/errors.ts";
import type { Initializer } from "../spec/initializers.ts";
import type { LayerSpec, ModelSpec } from "../spec/spec.ts";
import { DEFAULT_ALPHA } from "../spec/words.ts";
import type { Layer, LayerPenalties, Operation, OperationHyper } from "./plan.ts";
import {
  described,
  type SampleShape,
  sizeOf,
  type TransformSpec,
  transformOf,
  transformParameters,
} from "./transforms.ts";

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

/** @throws SpecError when a layer does not fit the shape that reaches it, or an `add` its partner. */
export function foldBlocks(model: ModelSpec, inputs: number): Blocks {
  const before: Operation[] = [];
  const layers: (Layer & { after: Operation[] })[] = [];
  const operations: OperationHyper[] = [];
  const numbers: BlockNumbers[] = [];
  /** For each layer of the list, the block whose output it gives, and its shape. */
  const places: Place[] = [];
  let shape = inputShape(model, inputs);
  model.layers.forEach((layer, i) => {
    const path = ["model", "layers", i];
    if (layer.type === "flatten" || layer.type === "reshape") {
      shape = reshaped(layer, shape, path);
    } else if (startsBlock(layer)) {
      const block = blockOf(layer, shape, path, layers.length + before.length === 0);
      layers.push({ ...block, after: [] });
      numbers.push(blockNumbers(layer));
      shape = block.transform?.outputShape ?? [block.units];
    } else {
      const target = layers.at(-1)?.after ?? before;
      const at = { index: i, block: layers.length - 1, shape };
      target.push(operation(layer, at, model, places));
      operations.push(operationHyper(layer));
    }
    places.push({ block: layers.length - 1, shape });
  });
  requireVectors(model, layers, shape);
  return {
    before,
    layers,
    operations,
    penalties: numbers.map(({ penalties }) => penalties),
    alpha: numbers.map(({ alpha }) => alpha),
    l1: numbers.map(({ l1 }) => l1),
    l2: numbers.map(({ l2 }) => l2),
  };
}

/** Where a layer of the list stands. */
interface Place {
  readonly block: number;
  readonly shape: SampleShape;
}

interface BlockNumbers {
  readonly l1: number;
  readonly l2: number;
  readonly alpha: number;
  readonly penalties: LayerPenalties;
}

type OperationSpec = Exclude<LayerSpec, TransformSpec | { type: "flatten" | "reshape" }>;

const OPERATIONS: ReadonlySet<string> = new Set<OperationSpec["type"]>([
  "activation",
  "dropout",
  "alphaDropout",
  "gaussianNoise",
  "batchNormalization",
  "layerNormalization",
  "add",
]);

export function startsBlock(layer: LayerSpec): layer is TransformSpec {
  return !OPERATIONS.has(layer.type) && layer.type !== "flatten" && layer.type !== "reshape";
}

/** What reaches the first layer. */
function inputShape({ inputShape: written }: ModelSpec, inputs: number): SampleShape {
  if (written === undefined || sizeOf(written) === inputs) return written ?? [inputs];
  throw problem(
    ["model", "inputShape"],
    `is ${written.join(" x ")}, ${sizeOf(written)} numbers, but the data has ${inputs} columns; both must be equal.`,
  );
}

function reshaped(
  layer: Extract<LayerSpec, { type: "flatten" | "reshape" }>,
  shape: SampleShape,
  path: SpecPath,
): SampleShape {
  if (layer.type === "flatten") return [sizeOf(shape)];
  const { targetShape } = layer;
  if (sizeOf(targetShape) === sizeOf(shape)) return targetShape;
  throw problem(
    [...path, "targetShape"],
    `is ${targetShape.join(" x ")}, ${sizeOf(targetShape)} numbers, but ${described(shape)} reach it, ${sizeOf(shape)}; both must be equal.`,
  );
}

/** Whether the network gives one vector per sample, by a dense layer. */
function requireVectors(model: ModelSpec, layers: readonly Layer[], shape: SampleShape): void {
  const index = model.layers.length - 1;
  const last = layers.at(-1);
  if (shape.length === 1 && last?.transform === undefined) return;
  throw problem(
    ["model", "layers", index],
    `is ${model.layers[index].type}, and the network ends with ${described(shape)} per row; end it with a dense layer behind a flatten or a global pooling.`,
  );
}

function blockOf(
  layer: TransformSpec,
  shape: SampleShape,
  path: SpecPath,
  isFirst: boolean,
): Layer {
  const initializers = blockInitializers(layer);
  const activation = activationOf(layer).name;
  const useBias = "useBias" in layer && layer.useBias;
  if (layer.type === "dense" && shape.length === 1) {
    return { inputs: shape[0], units: layer.units, activation, useBias, ...initializers };
  }
  const transform = transformOf(layer, shape, path);
  const inputs = sizeOf(shape);
  const units = sizeOf(transform.outputShape);
  if (units > MOST_UNITS) {
    throw problem(
      path,
      `gives ${described(transform.outputShape)} per row, ${units}; at most ${MOST_UNITS} are computed.`,
    );
  }
  if (layer.type === "embedding" && !isFirst) {
    throw problem(
      path,
      "is an embedding behind another layer; it reads tokens, so it must come first.",
    );
  }
  const { kernel } = transformParameters(transform);
  if (initializers.kernelInitializer.name === "identity" && kernel?.length !== 2) {
    throw problem(
      path,
      "starts from identity, which only a matrix can be; choose another initializer.",
      "SPEC_INVALID_VALUE",
    );
  }
  return { inputs, units, activation, useBias, ...initializers, transform };
}

/** 2^20: 4 MiB per row in float32, and 128 MiB, WebGPU's smallest largest binding, per batch of 32. */
const MOST_UNITS = 2 ** 20;

function blockInitializers(layer: TransformSpec): {
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
} {
  const biasInitializer = "biasInitializer" in layer ? layer.biasInitializer : ZEROS;
  if ("kernelInitializer" in layer) {
    return { kernelInitializer: layer.kernelInitializer, biasInitializer };
  }
  if (layer.type === "depthwiseConv2d") {
    return { kernelInitializer: layer.depthwiseInitializer, biasInitializer };
  }
  if (layer.type === "embedding") {
    return { kernelInitializer: layer.embeddingsInitializer, biasInitializer };
  }
  return { kernelInitializer: ZEROS, biasInitializer };
}

const ZEROS: Initializer = { name: "zeros" };

function blockNumbers(layer: TransformSpec): BlockNumbers {
  const kernel = kernelRegularizer(layer);
  const bias = "biasRegularizer" in layer ? layer.biasRegularizer : NONE;
  const activity = "activityRegularizer" in layer ? layer.activityRegularizer : NONE;
  const { name, alpha } = activationOf(layer);
  return {
    ...kernel,
    alpha: alpha ?? DEFAULT_ALPHA[name] ?? 0,
    penalties: {
      biasL1: bias.l1,
      biasL2: bias.l2,
      activityL1: activity.l1,
      activityL2: activity.l2,
    },
  };
}

function kernelRegularizer(layer: TransformSpec): { readonly l1: number; readonly l2: number } {
  if ("kernelRegularizer" in layer) return layer.kernelRegularizer;
  if (layer.type === "depthwiseConv2d") return layer.depthwiseRegularizer;
  return layer.type === "embedding" ? layer.embeddingsRegularizer : NONE;
}

const NONE = { l1: 0, l2: 0 };

type ActivationSpec = Extract<LayerSpec, { type: "dense" }>["activation"];

/** What follows a layer's own work. The activations of a recurrent layer are inside its cell. */
function activationOf(layer: TransformSpec): ActivationSpec {
  const isCell = "recurrentInitializer" in layer;
  return !isCell && "activation" in layer ? layer.activation : { name: "linear" };
}

function operation(
  layer: OperationSpec,
  at: Place & { readonly index: number },
  model: ModelSpec,
  places: readonly Place[],
): Operation {
  const { shape } = at;
  const over = shape.length === 1 ? {} : { channels: shape[shape.length - 1] };
  switch (layer.type) {
    case "activation": {
      const { name } = layer.activation;
      return { kind: "activation", activation: name, ...(name === "softmax" ? over : {}) };
    }
    case "dropout":
    case "alphaDropout":
    case "gaussianNoise":
      return { kind: layer.type };
    case "batchNormalization":
    case "layerNormalization":
      return { kind: layer.type, center: layer.center, scale: layer.scale, ...over };
    case "add":
      return { kind: "add", from: addedBlock(layer.from, at, model, places) };
  }
}

/** An `add` may name any earlier layer that ends a block of the present shape. */
function addedBlock(
  from: number,
  at: Place & { readonly index: number },
  model: ModelSpec,
  places: readonly Place[],
): number {
  const place = places[from];
  const behind = model.layers[from + 1];
  const says =
    place === undefined || place.block < 0 || place.block >= at.block || !startsBlock(behind)
      ? `is ${from}; name a layer before the present dense layer that is followed by a dense layer.`
      : place.shape.join() !== at.shape.join()
        ? `names a layer of ${units(place.shape)}, but here are ${at.shape.join(" x ")}; both must be equal.`
        : undefined;
  if (says === undefined) return place.block;
  throw problem(["model", "layers", at.index, "from"], says);
}

function units(shape: SampleShape): string {
  return shape.length === 1 ? `${shape[0]} units` : described(shape);
}

function problem(
  path: SpecPath,
  message: string,
  code: SpecProblemCode = "SPEC_SHAPE_MISMATCH",
): SpecError {
  return new SpecError([{ code, path, message }]);
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
