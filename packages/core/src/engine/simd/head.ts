// What follows the last block: its activation, loss and accuracy, and the gradient back to the
// pre-activations. Which pairs are computed from logits is settled in docs/training-semantics.md.
//
// The frequent losses are kernels. Focal losses, smoothed labels and weighted samples are computed
// by the reference's loss, whose loop over a batch of outputs takes little of a step.

import type { Hyper, Network } from "../../compile/plan.ts";
import type { ActivationTensors } from "../probes/layer-signals.ts";
import type { Matrix } from "../probes/matrix.ts";
import { lastActivation } from "../reference/block.ts";
import { type LossHead, lossHead } from "../reference/loss.ts";
import { sampleWeights } from "../reference/sample-weights.ts";
import type { Pass } from "../reference/stage.ts";
import type { Arena } from "./arena.ts";
import type { HeadActivation } from "./bind-network.ts";
import type { Block } from "./block.ts";
import type { Kernels, LossKernel } from "./kernels.ts";
import { roundUp } from "./padding.ts";

/** Three matrices of (rows, units); the first two may be one. */
interface HeadMatrices {
  readonly preActivation: number;
  readonly output: number;
  readonly gradient: number;
}

export class Head {
  /** Of the batch last evaluated: the mean loss, and how many rows are right. */
  loss = 0;
  correct = 0;
  /** The block's last stage is passed by: the loss has been differentiated by its input. */
  readonly passesLastStage: boolean;

  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #block: Block;
  /** Where the block's values arrive. */
  readonly #arriving: number;
  /** What the loss is computed on: the block's matrices, or one packed row of samples. */
  readonly #values: HeadMatrices;
  readonly #packed: boolean;
  readonly #units: number;
  readonly #rowBytes: number;
  /** Null where the block has computed it. */
  readonly #activation: HeadActivation | null;
  readonly #loss: LossHead;
  readonly #network: Network;
  readonly #hyper: Hyper;
  /** (capacity): what each sample weighs in the loss. */
  readonly #weights: Float32Array;
  /** Null where the reference's loss does the work, on the two tensors (capacity, units). */
  readonly #lossKernel: LossKernel | null;
  readonly #outputs: Float32Array;
  readonly #gradients: Float32Array;
  /** Takes labels and not a matrix of targets; from logits, it computes their softmax. */
  readonly #sparse: boolean;
  /** One-hot labels; 0 where the loss reads the labels themselves. */
  readonly #targets: number;
  /** Where a softmax of the network's outputs goes; 0 where none is computed. */
  readonly #softmax: number;
  /** The view last shown: making one takes as long as a kernel on a few rows. */
  #seenOutputs: Matrix | null = null;

  constructor(
    kernels: Kernels,
    arena: Arena,
    network: Network,
    hyper: Hyper,
    block: Block,
    activation: HeadActivation | null,
    capacity: number,
  ) {
    const { units } = block;
    const saysLogits = network.fromLogits ?? false;
    const last = lastActivation(network.layers[network.layers.length - 1]);
    const count = (capacity * block.rowBytes) / 4;
    this.#kernels = kernels;
    this.#arena = arena;
    this.#block = block;
    this.#units = units;
    this.#rowBytes = block.rowBytes;
    this.#activation = activation;
    this.#network = network;
    this.#hyper = hyper;
    this.#weights = new Float32Array(capacity);
    this.#loss = lossHead({ ...network, ...hyper }, last, units, "float32");
    this.#sparse = CATEGORICAL.has(network.loss);
    const readsLogits = saysLogits || this.#loss.passesActivation;
    this.#lossKernel = lossKernel(kernels, network, hyper, units, readsLogits);
    this.passesLastStage = this.#loss.passesActivation && activation === null;
    this.#arriving = this.passesLastStage ? block.lastStage!.input : block.output;
    // A single unit fills a quarter of each vector; packed, four samples share one. Softmax is left
    // out because it runs along rows.
    this.#packed =
      units === 1 && !this.#sparse && !this.passesLastStage && activation?.activation !== "softmax";
    if (this.#packed) {
      const preActivation = arena.allocate(capacity);
      const output = activation === null ? preActivation : arena.allocate(capacity);
      this.#values = { preActivation, output, gradient: arena.allocate(capacity) };
    } else {
      const output = activation === null ? block.output : arena.allocate(count);
      this.#values = { preActivation: this.#arriving, output, gradient: block.gradient };
    }
    const hasKernel = this.#lossKernel !== null;
    this.#targets = hasKernel && !this.#packed && !this.#sparse ? arena.allocate(count) : 0;
    this.#softmax = hasKernel && this.#sparse && saysLogits ? arena.allocate(count) : 0;
    this.#outputs = new Float32Array(hasKernel ? 0 : capacity * units);
    this.#gradients = new Float32Array(this.#outputs.length);
  }

  /** The network's answers to `rows` rows. */
  viewOutputs(rows: number): Matrix {
    if (this.#seenOutputs?.rows !== rows) {
      this.#seenOutputs = this.#view(this.#values.output, rows);
    }
    return this.#seenOutputs;
  }

  /** The activation that the head computes instead of the block; null where it computes none. */
  viewActivation(rows: number): ActivationTensors | null {
    if (this.#activation === null) return null;
    const { activation, alpha } = this.#activation;
    const { preActivation, output } = this.#values;
    return { activation, alpha, z: this.#view(preActivation, rows), a: this.#view(output, rows) };
  }

  /** Loss and hits of the first `rows` rows; the gradient waits for `backward`. */
  evaluate(rows: number, labels: number, sampleWeight: number, mode: Pass["mode"]): void {
    const kernels = this.#kernels;
    const { preActivation, output } = this.#values;
    const units = this.#units;
    if (this.#packed) kernels.packColumn(this.#arriving, this.#rowBytes, preActivation, rows);
    const shape = this.#shape(rows);
    if (this.#activation !== null && !this.#lossComputesSoftmax) {
      const { forward } = this.#activation.kernels;
      const { alpha } = this.#activation;
      forward(preActivation, output, shape.rows, shape.units, shape.rowBytes, alpha);
    }
    this.loss =
      this.#lossKernel === null
        ? this.#lossByReference(rows, labels, sampleWeight, mode)
        : this.#lossByKernel(this.#lossKernel, rows, labels);
    this.correct =
      units === 1
        ? kernels.binaryHits(output, this.#packed ? 4 : this.#rowBytes, labels, rows)
        : kernels.categoricalHits(output, labels, rows, units, this.#rowBytes);
  }

  /** Brings the gradient to the block. */
  backward(rows: number): void {
    const { preActivation, output, gradient } = this.#values;
    if (this.#activation !== null && !this.#loss.passesActivation) {
      const shape = this.#shape(rows);
      const { backward } = this.#activation.kernels;
      const { alpha } = this.#activation;
      backward(preActivation, output, gradient, shape.rows, shape.units, shape.rowBytes, alpha);
    }
    if (this.#packed) {
      this.#kernels.unpackColumn(gradient, this.#block.gradient, this.#rowBytes, rows);
    }
  }

  /** The cross-entropy of a softmax head writes the output too. */
  get #lossComputesSoftmax(): boolean {
    return this.#lossKernel !== null && this.#sparse && this.#loss.passesActivation;
  }

  #lossByKernel(lossKernel: LossKernel, rows: number, labels: number): number {
    const { preActivation, output, gradient } = this.#values;
    const units = this.#units;
    const scale = 1 / (this.#sparse ? rows : rows * units);
    const targets = this.#targets === 0 ? labels : this.#targets;
    if (this.#targets !== 0) {
      this.#kernels.oneHot(labels, targets, rows, units, this.#rowBytes);
    }
    const shape = this.#shape(rows);
    const sum = lossKernel(
      this.#loss.passesActivation ? preActivation : output,
      this.#softmax === 0 ? output : this.#softmax,
      targets,
      gradient,
      shape.rows,
      shape.units,
      shape.rowBytes,
      scale,
    );
    return Math.fround(sum * scale);
  }

  #lossByReference(rows: number, labels: number, sampleWeight: number, mode: Pass["mode"]): number {
    const { preActivation, output, gradient } = this.#values;
    const from = this.#loss.passesActivation ? preActivation : output;
    const y = this.#arena.floats(labels, rows);
    const own = this.#arena.floats(sampleWeight, rows);
    const [network, hyper] = [this.#network, this.#hyper];
    const weights = sampleWeights(network, hyper, mode, rows, y, own, this.#weights);
    const shape = this.#shape(rows);
    const rowAt = (matrix: number, row: number) =>
      this.#arena.floats(matrix + row * shape.rowBytes, shape.units);
    for (let row = 0; row < shape.rows; row++) {
      this.#outputs.set(rowAt(from, row), row * shape.units);
    }
    const sum = this.#loss.compute(rows, this.#units, this.#outputs, y, weights, this.#gradients);
    for (let row = 0; row < shape.rows; row++) {
      const first = row * shape.units;
      rowAt(gradient, row).set(this.#gradients.subarray(first, first + shape.units));
    }
    return Math.fround(sum / rows);
  }

  #view(address: number, rows: number): Matrix {
    const stride = this.#packed ? 1 : this.#rowBytes / 4;
    const values = this.#arena.floats(address, rows * stride);
    return { values, rows, columns: this.#units, stride };
  }

  #shape(rows: number): { rows: number; units: number; rowBytes: number } {
    return this.#packed
      ? { rows: 1, units: rows, rowBytes: 4 * roundUp(rows) }
      : { rows, units: this.#units, rowBytes: this.#rowBytes };
  }
}

/** Losses that read a label and look at all outputs of a sample at once. */
const CATEGORICAL: ReadonlySet<Network["loss"]> = new Set([
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "categoricalFocalCrossentropy",
]);

function lossKernel(
  kernels: Kernels,
  { loss, sampleWeight = false }: Network,
  { classWeight, labelSmoothing = 0 }: Hyper,
  units: number,
  readsLogits: boolean,
): LossKernel | null {
  if (classWeight !== undefined || sampleWeight) return null;
  switch (loss) {
    case "binaryCrossentropy":
      if (labelSmoothing !== 0) return null;
      return readsLogits ? kernels.binaryCrossentropyFromLogits : kernels.binaryCrossentropy;
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
      // Labels of two classes may stand against a single unit, which the kernels do not expect.
      if (labelSmoothing !== 0 || units === 1) return null;
      return readsLogits
        ? kernels.sparseCategoricalCrossentropyFromLogits
        : kernels.sparseCategoricalCrossentropy;
    case "meanSquaredError":
      return kernels.meanSquaredError;
    case "meanAbsoluteError":
      return kernels.meanAbsoluteError;
    case "hinge":
      return kernels.hinge;
    case "binaryFocalCrossentropy":
    case "categoricalFocalCrossentropy":
      return null;
  }
}
