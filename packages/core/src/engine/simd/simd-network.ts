// One network in linear memory: forward, backward and update as sequences of kernel calls. All room
// is taken once, in the constructor.
//
// A matrix has its columns rounded up to a multiple of 4, and as many rows as its tiles touch;
// padding is 0 and stays 0 (wasm/activations.ts). All parameters lie behind each other, gradients
// and optimizer state in areas of the same shape, so that one call updates the whole network.

import type { Hyper, Layer, Network, ParameterTensor } from "../../compile/plan.ts";
import { type ActivationKernels, activationKernels } from "./activation-kernels.ts";
import type { Arena } from "./arena.ts";
import { Head, type LayerMatrices, matricesOf } from "./head.ts";
import type { Kernels } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";
import { requireSupport } from "./supports.ts";
import { createUpdate, type Update } from "./update.ts";

export class SimdNetwork {
  /** Most rows that one call may see. */
  readonly capacity: number;
  /** The training batch: (rows, inputs), its rows `inputBytes` apart, and its labels. */
  readonly inputs: number;
  readonly inputBytes: number;
  readonly labels: number;

  /** Of the rows last evaluated: the mean loss without penalties, the penalties, how many right. */
  dataLoss = 0;
  regularizationLoss = 0;
  correct = 0;

  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #network: Network;
  readonly #layers: readonly PlacedLayer[];
  readonly #head: Head;
  readonly #update: Update;
  /** From a parameter to its gradient. */
  readonly #toGradient: number;

  constructor(kernels: Kernels, arena: Arena, network: Network, hyper: Hyper, batchSize: number) {
    requireSupport(network, hyper);
    this.#kernels = kernels;
    this.#arena = arena;
    this.#network = network;
    this.capacity = Math.max(roundUp(batchSize), MIN_CAPACITY);
    this.inputBytes = rowBytes(network.inputs);
    this.inputs = arena.allocate((this.capacity * this.inputBytes) / 4);
    this.labels = arena.allocate(this.capacity);

    const count = network.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
    const parameters = arena.allocate(count);
    const gradients = arena.allocate(count);
    this.#toGradient = gradients - parameters;
    this.#update = createUpdate(kernels, arena, network.optimizer, hyper, {
      parameters,
      gradients,
      count,
    });
    this.#layers = this.#placeLayers(parameters, hyper);
    const last = this.#layers[this.#layers.length - 1];
    this.#head = new Head(kernels, arena, network, last, this.capacity);
  }

  /** What Keras reports as the batch's loss. */
  get loss(): number {
    return Math.fround(this.dataLoss + this.regularizationLoss);
  }

  /** Forward and loss over rows that lie at `inputs`, `inputBytes` apart, in linear memory. */
  evaluate(rows: number, inputs: number, inputBytes: number, labels: number): void {
    const { matmul } = this.#kernels;
    let x = inputs;
    let xRow = inputBytes;
    for (const layer of this.#layers) {
      matmul(
        x,
        xRow,
        4,
        layer.kernel,
        layer.rowBytes,
        layer.preActivation,
        layer.rowBytes,
        layer.bias,
        layer.isFusedRelu ? 0 : -Infinity,
        roundUp(rows),
        roundUp(layer.units),
        layer.inputs,
      );
      if (!layer.isFusedRelu && !layer.isLast) {
        layer.activation?.forward(
          layer.preActivation,
          layer.output,
          rows,
          layer.units,
          layer.rowBytes,
        );
      }
      x = layer.output;
      xRow = layer.rowBytes;
    }
    this.#head.evaluate(rows, labels);
    this.dataLoss = this.#head.loss;
    this.correct = this.#head.correct;
    this.regularizationLoss = Math.fround(
      this.#layers.reduce((sum, layer) => sum + this.#penalty(layer), 0),
    );
  }

  /** Gradients of the training batch, which `evaluate` has just seen; penalties included. */
  backward(rows: number): void {
    const { matmul, columnSums, transpose, addPenaltyGradient } = this.#kernels;
    this.#head.backward(rows);
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l];
      const before = l === 0 ? null : this.#layers[l - 1];
      const dKernel = layer.kernel + this.#toGradient;
      matmul(
        before === null ? this.inputs : before.output,
        4,
        before === null ? this.inputBytes : before.rowBytes,
        layer.gradient,
        layer.rowBytes,
        dKernel,
        layer.rowBytes,
        0,
        -Infinity,
        roundUp(layer.inputs),
        roundUp(layer.units),
        rows,
      );
      if (layer.l1 !== 0 || layer.l2 !== 0) {
        addPenaltyGradient(layer.kernel, dKernel, layer.kernelCount, layer.l1, layer.l2);
      }
      if (layer.bias !== 0) {
        const dBias = layer.bias + this.#toGradient;
        columnSums(layer.gradient, layer.rowBytes, dBias, rows, roundUp(layer.units));
      }
      if (before === null) return;
      transpose(
        layer.kernel,
        layer.rowBytes,
        layer.transposed,
        before.rowBytes,
        roundUp(layer.inputs),
        roundUp(layer.units),
      );
      matmul(
        layer.gradient,
        layer.rowBytes,
        4,
        layer.transposed,
        before.rowBytes,
        before.gradient,
        before.rowBytes,
        0,
        -Infinity,
        roundUp(rows),
        roundUp(before.units),
        layer.units,
      );
      before.activation?.backward(
        before.preActivation,
        before.output,
        before.gradient,
        rows,
        before.units,
        before.rowBytes,
      );
    }
  }

  update(): void {
    this.#update();
  }

  /** The parameters, flat in the order of `network.layout`. */
  readParameters(): Float32Array {
    return this.#readFlat(0);
  }

  writeParameters(flat: Float32Array | Float64Array): void {
    for (const tensor of this.#network.layout.tensors) {
      this.#rowsOf(tensor, 0).forEach((row, i) => {
        const first = tensor.offset + i * row.length;
        row.set(flat.subarray(first, first + row.length));
      });
    }
  }

  /** In the order of `network.layout`. */
  readGradients(): Float32Array {
    return this.#readFlat(this.#toGradient);
  }

  /** (rows, units): pre-activations of the last layer. */
  readLogits(rows: number): Float32Array {
    const { preActivation, units, rowBytes } = this.#layers[this.#layers.length - 1];
    const logits = new Float32Array(rows * units);
    for (let row = 0; row < rows; row++) {
      logits.set(this.#arena.floats(preActivation + row * rowBytes, units), row * units);
    }
    return logits;
  }

  #placeLayers(parameters: number, hyper: Hyper): PlacedLayer[] {
    const { layers } = this.#network;
    let end = parameters;
    return layers.map((layer, l) => {
      const { inputs, units, useBias } = layer;
      const isLast = l === layers.length - 1;
      // The last layer keeps its pre-activations: they are the logits.
      const isFusedRelu = layer.activation === "relu" && !isLast;
      const activation = activationKernels(this.#kernels, layer.activation);
      const oneMatrix = isFusedRelu || activation === null;
      const count = (this.capacity * rowBytes(units)) / 4;
      const kernel = end;
      const kernelCount = kernelSize(layer);
      const bias = useBias ? kernel + 4 * kernelCount : 0;
      end += 4 * parameterCount(layer);
      return {
        ...matricesOf(this.#arena, count, oneMatrix),
        inputs,
        units,
        rowBytes: rowBytes(units),
        activation,
        isFusedRelu,
        isLast,
        kernel,
        kernelCount,
        bias,
        transposed: l === 0 ? 0 : this.#arena.allocate((roundUp(units) * rowBytes(inputs)) / 4),
        l1: hyper.l1[l],
        l2: hyper.l2[l],
      };
    });
  }

  /** l1 sum |w| + l2 sum w^2 over the kernel. */
  #penalty({ kernel, kernelCount, l1, l2 }: PlacedLayer): number {
    return l1 === 0 && l2 === 0 ? 0 : this.#kernels.penalty(kernel, kernelCount, l1, l2);
  }

  #readFlat(distance: number): Float32Array {
    const { layout } = this.#network;
    const flat = new Float32Array(layout.size);
    for (const tensor of layout.tensors) {
      this.#rowsOf(tensor, distance).forEach((row, i) => {
        flat.set(row, tensor.offset + i * row.length);
      });
    }
    return flat;
  }

  /** The rows of a tensor as views, `distance` bytes behind the parameter itself. */
  #rowsOf({ layer, kind }: ParameterTensor, distance: number): Float32Array[] {
    const { kernel, bias, inputs, units, rowBytes } = this.#layers[layer];
    if (kind === "bias") return [this.#arena.floats(bias + distance, units)];
    return Array.from({ length: inputs }, (_, i) =>
      this.#arena.floats(kernel + distance + i * rowBytes, units),
    );
  }
}

/** So that a test part is not evaluated row by row where the batch size is 1. */
const MIN_CAPACITY = 32;

/** Where a layer lies, and what is done with it. */
interface PlacedLayer extends LayerMatrices {
  readonly inputs: number;
  readonly units: number;
  /** From one row of the kernel, and of the three matrices, to the next. */
  readonly rowBytes: number;
  /** Null for linear. */
  readonly activation: ActivationKernels | null;
  /** relu is part of matmul, and its output overwrites the pre-activation. */
  readonly isFusedRelu: boolean;
  readonly isLast: boolean;
  readonly kernel: number;
  readonly kernelCount: number;
  /** 0 without a bias. */
  readonly bias: number;
  /** Room for the transposed kernel; 0 in the first layer, which passes nothing back. */
  readonly transposed: number;
  readonly l1: number;
  readonly l2: number;
}

/** Numbers in a kernel with its padding. */
function kernelSize({ inputs, units }: Layer): number {
  return (roundUp(inputs) * rowBytes(units)) / 4;
}

function parameterCount(layer: Layer): number {
  return kernelSize(layer) + (layer.useBias ? rowBytes(layer.units) / 4 : 0);
}
