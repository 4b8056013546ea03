// Where everything of one network lies on the device, in blocks of four floats.
//
//   parameters (storage)   [ parameters | gradients | state of the optimizer ] per network; a kernel
//                          is (inputs, units / 4) blocks over units, inputs rounded up to a
//                          multiple of 4; its bias follows
//   values                 inputs, activations and gradients of the batch: (features, batch / 4)
//                          blocks over the batch, features rounded up to a multiple of 4
//
// Both kinds of block let a dense layer work with loads of four floats and no transposed copy.
// Padding is 0 and stays 0.

import { type Network, PERMUTATION_ROUNDS } from "@convergence-lab/core";

/** Offsets and sizes are in blocks unless the name says otherwise. */
export interface MemoryLayout {
  readonly batchBlocks: number;
  readonly layers: readonly LayerLayout[];
  /** Blocks of one copy of the parameters. */
  readonly parameterBlocks: number;
  /** Copies per network: parameters, gradients, and the optimizer's. */
  readonly slots: number;
  /** Blocks from one network's parameters to the next one's. */
  readonly networkBlocks: number;
  /** In values: class indices of the batch. */
  readonly labels: number;
  /** In values: the round keys of the epoch's permutation. */
  readonly permutation: number;
  /** In values: the rows that the batch is made of, as floats. */
  readonly rows: number;
  /** In values: loss of each sample, and 1 where the prediction is right. */
  readonly losses: number;
  readonly correct: number;
  /** In values: partial sums of the penalties. */
  readonly penalties: number;
  readonly valueBlocks: number;
}

export interface LayerLayout {
  readonly inputs: number;
  readonly inputBlocks: number;
  readonly units: number;
  readonly unitBlocks: number;
  /** In a copy of the parameters. */
  readonly kernel: number;
  readonly bias: number | null;
  /** In values. */
  readonly input: number;
  readonly output: number;
  readonly gradient: number;
}

/** Partial sums of a penalty, whatever the workgroup's size, so that the order of summation stays. */
export const PENALTY_PARTS = 16;

/**
 * Largest number of networks in a population: the list of those that still train lies in a uniform
 * buffer, 64 KiB on any adapter, behind 16 bytes of something else.
 */
export const MAX_NETWORKS = (65_536 - 16) / 4;

/** Largest number of rows in a part: rows are passed as floats, exact up to here. */
export const MAX_ROWS = 2 ** 24;

export function memoryLayout(network: Network, batchSize: number): MemoryLayout {
  const batchBlocks = blocks(batchSize);
  let parameterBlocks = 0;
  let values = 4 * blocks(network.inputs) * batchBlocks;
  let input = 0;
  const takeParameters = (size: number) => {
    parameterBlocks += size;
    return parameterBlocks - size;
  };
  const takeValues = (size: number) => {
    values += size;
    return values - size;
  };
  const layers = network.layers.map(({ inputs, units, useBias }): LayerLayout => {
    const inputBlocks = blocks(inputs);
    const unitBlocks = blocks(units);
    const layer = {
      inputs,
      inputBlocks,
      units,
      unitBlocks,
      kernel: takeParameters(4 * inputBlocks * unitBlocks),
      bias: useBias ? takeParameters(unitBlocks) : null,
      input,
      output: takeValues(4 * unitBlocks * batchBlocks),
      gradient: takeValues(4 * unitBlocks * batchBlocks),
    };
    input = layer.output;
    return layer;
  });
  const slots = 2 + optimizerSlots(network);
  return {
    batchBlocks,
    layers,
    parameterBlocks,
    slots,
    networkBlocks: slots * parameterBlocks,
    labels: takeValues(batchBlocks),
    permutation: takeValues(PERMUTATION_ROUNDS),
    rows: takeValues(batchBlocks),
    losses: takeValues(batchBlocks),
    correct: takeValues(batchBlocks),
    penalties: takeValues(PENALTY_PARTS),
    valueBlocks: values,
  };
}

/** What a replay writes per step, in blocks: the losses first, then logits, gradients, parameters. */
export interface CaptureLayout {
  readonly logits: number;
  readonly gradients: number;
  readonly parametersAfter: number;
  readonly stepBlocks: number;
}

export function captureLayout(network: Network, batchSize: number): CaptureLayout {
  const { layers, batchBlocks, parameterBlocks } = memoryLayout(network, batchSize);
  const logits = 1;
  const gradients = logits + 4 * layers[layers.length - 1].unitBlocks * batchBlocks;
  const parametersAfter = gradients + parameterBlocks;
  return { logits, gradients, parametersAfter, stepBlocks: parametersAfter + parameterBlocks };
}

/** Writes flat parameters, in the order of `network.layout`, in the device's order to `out`. */
export function packParameters(
  network: Network,
  layout: MemoryLayout,
  flat: ArrayLike<number>,
  out: Float32Array,
): void {
  forEachParameter(network, layout, (flatIndex, deviceIndex) => {
    out[deviceIndex] = flat[flatIndex];
  });
}

/** The reverse of `packParameters`. */
export function unpackParameters(
  network: Network,
  layout: MemoryLayout,
  packed: Float32Array,
): Float32Array {
  const flat = new Float32Array(network.layout.size);
  forEachParameter(network, layout, (flatIndex, deviceIndex) => {
    flat[flatIndex] = packed[deviceIndex];
  });
  return flat;
}

function forEachParameter(
  network: Network,
  layout: MemoryLayout,
  visit: (flatIndex: number, deviceIndex: number) => void,
): void {
  for (const { layer, kind, offset, size } of network.layout.tensors) {
    const { units, unitBlocks, kernel, bias } = layout.layers[layer];
    const first = kind === "kernel" ? kernel : bias!;
    for (let i = 0; i < size; i++) {
      const row = Math.floor(i / units);
      visit(offset + i, 4 * (first + row * unitBlocks) + (i % units));
    }
  }
}

function optimizerSlots({ optimizer }: Network): number {
  switch (optimizer.name) {
    case "sgd":
      return optimizer.momentum ? 1 : 0;
    case "adam":
    case "adamw":
      return 2;
    case "rmsprop":
      return optimizer.momentum ? 2 : 1;
    case "adagrad":
      return 1;
    default:
      throw new Error(`${optimizer.name} has no kernel; requireSupported should have refused it.`);
  }
}

/** Bytes that one network of a population takes on the device, without its curves. */
export function networkBytes(network: Network, batchSize: number): number {
  const { networkBlocks, valueBlocks } = memoryLayout(network, batchSize);
  return 16 * (networkBlocks + valueBlocks);
}

export function blocks(count: number): number {
  return Math.ceil(count / 4);
}
