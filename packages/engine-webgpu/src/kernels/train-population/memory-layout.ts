// Where everything of one network lies on the device, in blocks of four floats.
//
//   parameters (storage)   [ parameters | gradients | state of the optimizer | best epoch's ] per
//                          network; a kernel is (inputs, units / 4) blocks over units, inputs
//                          rounded up to a multiple of 4; tensors over units follow
//   values                 inputs, activations and gradients of the batch: (features, batch / 4)
//                          blocks over the batch, features rounded up to a multiple of 4
//
// Both kinds of block let a dense layer work with loads of four floats and no transposed copy.
// Padding is 0 and stays 0.

import {
  type Network,
  type Operation,
  type ParameterTensor,
  PERMUTATION_ROUNDS,
} from "@convergence-lab/core";
import { optimizerStates } from "../optimizer/optimizer.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { isWorking, lossHead } from "./loss-head.ts";
import { type ProbeLayout, probeLayout } from "./probes/probe-layout.ts";

/** Offsets and sizes are in blocks unless the name says otherwise. */
export interface MemoryLayout {
  readonly batchBlocks: number;
  /** Operations on the inputs. */
  readonly before: ChainLayout;
  readonly layers: readonly LayerLayout[];
  /** In a copy of the parameters, in the order of `network.layout`. */
  readonly tensors: readonly TensorLayout[];
  /** Of one copy of the parameters: those that the optimizer moves, and all. */
  readonly trainableBlocks: number;
  readonly parameterBlocks: number;
  /**
   * Copies per network: parameters, gradients, the optimizer's, and the best epoch's. What probes
   * keep lies behind them.
   */
  readonly slots: number;
  /** The copy of the best epoch; null where none is restored. */
  readonly bestSlot: number | null;
  /** What probes need; null without any. */
  readonly probes: ProbeLayout | null;
  /** Blocks from one network's parameters to the next one's. */
  readonly networkBlocks: number;
  /** In values: class indices of the batch. */
  readonly labels: number;
  /** In values: what each sample weighs; null where all weigh 1. */
  readonly weights: number | null;
  /** In values: the round keys of the epoch's permutation. */
  readonly permutation: number;
  /** In values: the rows that the batch is made of, as floats. */
  readonly rows: number;
  /** In values: loss of each sample, and 1 where the prediction is right. */
  readonly losses: number;
  readonly correct: number;
  /** In values: partial sums of the penalties on parameters, and on activated outputs. */
  readonly penalties: number;
  readonly activityPenalties: number;
  /** In values: partial sums of the squares that clipping asks for. */
  readonly squares: number;
  readonly valueBlocks: number;
}

export interface TensorLayout {
  readonly tensor: ParameterTensor;
  /** In a copy of the parameters. */
  readonly first: number;
  readonly blocks: number;
}

/** What happens to (batch, units) values one stage after the other. */
export interface ChainLayout {
  readonly units: number;
  readonly unitBlocks: number;
  readonly stages: readonly StageLayout[];
  /** In values: what comes out. */
  readonly output: number;
  /** In values: dOutput, in which backward works in place; null where none is asked for. */
  readonly gradient: number | null;
}

export interface StageLayout {
  readonly operation: Operation;
  /** Among the operations of the network; null for the layer's own activation. */
  readonly position: number | null;
  /** In values. */
  readonly input: number;
  readonly output: number;
  /** In values: mean and spread that a normalization keeps for backward. */
  readonly moments: number;
  /** In a copy of the parameters; those that the operation does not have are absent. */
  readonly parameters: Partial<Record<ParameterTensor["kind"], number>>;
}

export interface LayerLayout extends ChainLayout {
  readonly inputs: number;
  readonly inputBlocks: number;
  /** In a copy of the parameters. */
  readonly kernel: number;
  readonly bias: number | null;
  /** In values: what the layer reads, and what its product gives. */
  readonly input: number;
  readonly sums: number;
  /**
   * Whether its product is activated as it is stored, and its slope waits in the gradient: no stage
   * is left then.
   */
  readonly isFused: boolean;
  /** In values: where the activated output lies. */
  readonly activated: number;
  readonly gradient: number;
  /** In values: what later blocks that add this one's output send back; null where none does. */
  readonly added: number | null;
  /** In values: the activity penalty's gradient where the loss passes the activation by. */
  readonly aside: number | null;
}

/** Partial sums of a penalty, whatever the number of lanes, so that the order of summation stays. */
export const PENALTY_PARTS = 16;

/** Partial sums of the squares of a tensor. */
export const SQUARE_PARTS = 16;

/**
 * Largest number of networks in a population: the list of those that still train lies in a uniform
 * buffer, 64 KiB on any adapter, behind 16 bytes of something else.
 */
export const MAX_NETWORKS = (65_536 - 16) / 4;

/** Largest number of rows in a part: rows are passed as floats, exact up to here. */
export const MAX_ROWS = 2 ** 24;

/** What of a kernel's shape decides where things lie. */
export type LaidOut = Pick<KernelShape, "network" | "batchSize" | "features" | "probes">;

export function memoryLayout(shape: LaidOut): MemoryLayout {
  const { network, batchSize, features } = shape;
  const batchBlocks = blocks(batchSize);
  const take = counter();
  const takeValues = (units: number) => take(4 * blocks(units) * batchBlocks);
  const { tensors, trainableBlocks, parameterBlocks } = parameterLayout(network);
  const { passesActivation } = lossHead(network);
  const added = addedLayers(network);
  let position = 0;

  const parametersOf = (layer: number, operation: number | undefined) =>
    Object.fromEntries(
      tensors
        .filter(({ tensor }) => tensor.layer === layer && tensor.operation === operation)
        .map(({ tensor, first }) => [tensor.kind, first]),
    ) as StageLayout["parameters"];
  const stage = (
    operation: Operation,
    at: number | null,
    layer: number,
    units: number,
    input: number,
  ): StageLayout => ({
    operation,
    position: at,
    input,
    output: takeValues(units),
    moments: take(momentBlocks(operation, units, batchBlocks)),
    parameters: parametersOf(layer, at ?? undefined),
  });
  /** Stages of operations, each reading what the one before gave. */
  const chain = (
    operations: readonly Operation[],
    passed: Operation | undefined,
    layer: number,
    units: number,
    first: number,
  ): StageLayout[] => {
    const stages: StageLayout[] = [];
    for (const operation of operations) {
      const at = position++;
      if (!isWorking(operation) || operation === passed) continue;
      stages.push(stage(operation, at, layer, units, stages.at(-1)?.output ?? first));
    }
    return stages;
  };

  const inputs = takeValues(network.inputs);
  const beforeStages = chain(network.before ?? [], undefined, 0, network.inputs, inputs);
  const isTrainedBefore = beforeStages.some(({ parameters: { alpha, gamma, beta } }) =>
    [alpha, gamma, beta].some((place) => place !== undefined),
  );
  let input = beforeStages.at(-1)?.output ?? inputs;
  const before: ChainLayout = {
    units: network.inputs,
    unitBlocks: blocks(network.inputs),
    stages: beforeStages,
    output: input,
    gradient: isTrainedBefore ? takeValues(network.inputs) : null,
  };
  const layers = network.layers.map((shape, l): LayerLayout => {
    const { units, activation, after = [] } = shape;
    const { kernel = 0, bias = null } = parametersOf(l, undefined);
    const isPassed = passesActivation && l === network.layers.length - 1;
    const working = after.filter(isWorking);
    const isElementwise = activation !== "softmax" && activation !== "prelu";
    const passesOwn = isPassed && working.length === 0;
    const isFused =
      working.length === 0 && !features.activityPenalty && (isElementwise || passesOwn);
    const sums = takeValues(units);
    const own: StageLayout[] =
      isFused || activation === "linear"
        ? []
        : [stage({ kind: "activation", activation }, null, l, units, sums)];
    const activated = own[0]?.output ?? sums;
    const passed = isPassed ? working.at(-1) : undefined;
    const stages = [...own, ...chain(after, passed, l, units, activated)];
    const layer: LayerLayout = {
      inputs: shape.inputs,
      inputBlocks: blocks(shape.inputs),
      units,
      unitBlocks: blocks(units),
      kernel,
      bias,
      input,
      sums,
      isFused,
      activated,
      stages,
      output: passesOwn ? sums : (stages.at(-1)?.output ?? sums),
      gradient: takeValues(units),
      added: added.has(l) ? takeValues(units) : null,
      aside: passesOwn && !isFused ? takeValues(units) : null,
    };
    input = layer.output;
    return layer;
  });
  const states = optimizerStates(network.optimizer);
  const slots = 2 + states + Number(features.restoreBest);
  const clipped =
    features.clip === "norm"
      ? network.layout.tensors.filter((tensor) => tensor.trainable).length
      : Number(features.clip === "globalNorm");
  const takeBehind = counter();
  takeBehind(slots * parameterBlocks);
  const laid = { batchBlocks, layers, tensors };
  return {
    batchBlocks,
    before,
    layers,
    tensors,
    trainableBlocks,
    parameterBlocks,
    slots,
    bestSlot: features.restoreBest ? slots - 1 : null,
    probes: shape.probes ? probeLayout(shape, laid, parameterBlocks, take, takeBehind) : null,
    networkBlocks: takeBehind(0),
    labels: take(batchBlocks),
    weights: features.classWeight || network.sampleWeight ? take(batchBlocks) : null,
    permutation: take(PERMUTATION_ROUNDS),
    rows: take(batchBlocks),
    losses: take(batchBlocks),
    correct: take(batchBlocks),
    penalties: take(PENALTY_PARTS),
    activityPenalties: take(features.activityPenalty ? PENALTY_PARTS : 0),
    squares: take(SQUARE_PARTS * clipped),
    valueBlocks: take(0),
  };
}

/** Gives out ranges one behind the other; a range of 0 tells how far that is. */
function counter(): (size: number) => number {
  let next = 0;
  return (size) => {
    next += size;
    return next - size;
  };
}

function parameterLayout(
  network: Network,
): Pick<MemoryLayout, "tensors" | "trainableBlocks" | "parameterBlocks"> {
  const take = counter();
  let trainableBlocks = 0;
  const tensors = network.layout.tensors.map((tensor): TensorLayout => {
    const [rows, units] = tensor.kind === "kernel" ? tensor.shape : [1, tensor.size];
    const size = (tensor.kind === "kernel" ? 4 * blocks(rows) : 1) * blocks(units);
    const first = take(size);
    if (tensor.trainable) trainableBlocks = take(0);
    return { tensor, first, blocks: size };
  });
  return { tensors, trainableBlocks, parameterBlocks: take(0) };
}

/** Layers whose output an operation behind a later one adds. */
function addedLayers({ layers }: Network): Set<number> {
  return new Set(
    layers.flatMap(({ after = [] }) => after.flatMap((o) => (o.kind === "add" ? [o.from] : []))),
  );
}

/** Two numbers per unit, or per sample. */
function momentBlocks({ kind }: Operation, units: number, batchBlocks: number): number {
  if (kind === "batchNormalization") return 2 * blocks(units);
  return kind === "layerNormalization" ? 2 * batchBlocks : 0;
}

/** What a replay writes per step, in blocks: the losses first, then logits, gradients, parameters. */
export interface CaptureLayout {
  readonly logits: number;
  readonly gradients: number;
  readonly parametersAfter: number;
  readonly stepBlocks: number;
}

export function captureLayout({
  layers,
  batchBlocks,
  parameterBlocks,
}: MemoryLayout): CaptureLayout {
  const logits = 1;
  const gradients = logits + 4 * layers[layers.length - 1].unitBlocks * batchBlocks;
  const parametersAfter = gradients + parameterBlocks;
  return { logits, gradients, parametersAfter, stepBlocks: parametersAfter + parameterBlocks };
}

/** Writes flat parameters, in the order of `network.layout`, in the device's order to `out`. */
export function packParameters(
  layout: MemoryLayout,
  flat: ArrayLike<number>,
  out: Float32Array,
): void {
  forEachParameter(layout, (flatIndex, deviceIndex) => {
    out[deviceIndex] = flat[flatIndex];
  });
}

/** The reverse of `packParameters`. */
export function unpackParameters(layout: MemoryLayout, packed: Float32Array): Float32Array {
  const { tensor } = layout.tensors[layout.tensors.length - 1];
  const flat = new Float32Array(tensor.offset + tensor.size);
  forEachParameter(layout, (flatIndex, deviceIndex) => {
    flat[flatIndex] = packed[deviceIndex];
  });
  return flat;
}

function forEachParameter(
  { tensors }: MemoryLayout,
  visit: (flatIndex: number, deviceIndex: number) => void,
): void {
  for (const { tensor, first } of tensors) {
    const { offset, size, shape } = tensor;
    const units = shape[shape.length - 1];
    const rowBlocks = blocks(units);
    for (let i = 0; i < size; i++) {
      const row = Math.floor(i / units);
      visit(offset + i, 4 * (first + row * rowBlocks) + (i % units));
    }
  }
}

/** Bytes that one network of a population takes on the device, without its curves. */
export function networkBytes(shape: LaidOut): number {
  const { networkBlocks, valueBlocks } = memoryLayout(shape);
  return 16 * (networkBlocks + valueBlocks);
}

export function blocks(count: number): number {
  return Math.ceil(count / 4);
}
