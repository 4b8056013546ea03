// What follows the last layer's pre-activations: activation, loss and accuracy, and the gradient
// back to the pre-activations. Which pairs are computed from logits is settled in
// docs/training-semantics.md.

import type { Network } from "../../compile/plan.ts";
import type { Activation, Loss } from "../../spec/spec.ts";
import { type ActivationKernels, activationKernels } from "./activation-kernels.ts";
import type { Arena } from "./arena.ts";
import type { Kernels, LossKernel } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";
import { UnsupportedBySimdError } from "./supports.ts";

/** Three matrices of (rows, units); of a linear layer the first two are one. */
export interface LayerMatrices {
  readonly preActivation: number;
  readonly output: number;
  readonly gradient: number;
}

export class Head {
  /** Of the batch last evaluated: the mean loss, and how many rows are right. */
  loss = 0;
  correct = 0;

  readonly #kernels: Kernels;
  readonly #matrices: LayerMatrices;
  /** What the loss is computed on: the matrices, or one packed row of samples. */
  readonly #values: LayerMatrices;
  readonly #packed: boolean;
  readonly #units: number;
  readonly #rowBytes: number;
  readonly #activation: ActivationKernels | null;
  readonly #lossKernel: LossKernel;
  readonly #fromLogits: boolean;
  readonly #sparse: boolean;
  /** One-hot labels; 0 where the loss reads the labels themselves. */
  readonly #targets: number;

  constructor(
    kernels: Kernels,
    arena: Arena,
    network: Network,
    matrices: LayerMatrices,
    capacity: number,
  ) {
    const { units, activation } = network.layers[network.layers.length - 1];
    this.#kernels = kernels;
    this.#matrices = matrices;
    this.#units = units;
    this.#rowBytes = rowBytes(units);
    const activationOfHead = activationKernels(kernels, activation);
    this.#fromLogits = fromLogits(network.loss, activation);
    this.#lossKernel = lossKernel(kernels, network.loss, this.#fromLogits);
    this.#sparse = network.loss === "sparseCategoricalCrossentropy";
    // The cross-entropy of logits computes softmax itself.
    this.#activation = this.#sparse && this.#fromLogits ? null : activationOfHead;
    // A single unit fills a quarter of each vector; packed, four samples share one. Softmax is left
    // out because it runs along rows.
    this.#packed = units === 1 && !this.#sparse && activation !== "softmax";
    this.#values = this.#packed ? matricesOf(arena, capacity, this.#activation === null) : matrices;
    const count = (capacity * this.#rowBytes) / 4;
    this.#targets = this.#packed || this.#sparse ? 0 : arena.allocate(count);
  }

  /** Loss and hits of the first `rows` pre-activations; the gradient waits for `backward`. */
  evaluate(rows: number, labels: number): void {
    const kernels = this.#kernels;
    const { preActivation, output, gradient } = this.#values;
    const units = this.#units;
    const scale = 1 / (this.#sparse ? rows : rows * units);
    if (this.#packed) {
      kernels.packColumn(this.#matrices.preActivation, this.#rowBytes, preActivation, rows);
    } else if (!this.#sparse) {
      kernels.oneHot(labels, this.#targets, rows, units, this.#rowBytes);
    }
    const shape = this.#shape(rows);
    this.#activation?.forward(preActivation, output, shape.rows, shape.units, shape.rowBytes);
    const sum = this.#lossKernel(
      preActivation,
      output,
      this.#targets === 0 ? labels : this.#targets,
      gradient,
      shape.rows,
      shape.units,
      shape.rowBytes,
      scale,
    );
    this.loss = Math.fround(sum * scale);
    this.correct =
      units === 1
        ? kernels.binaryHits(output, this.#packed ? 4 : this.#rowBytes, labels, rows)
        : kernels.categoricalHits(output, labels, rows, units, this.#rowBytes);
  }

  /** Writes the gradient with respect to the pre-activations to `matrices.gradient`. */
  backward(rows: number): void {
    const { preActivation, output, gradient } = this.#values;
    if (!this.#fromLogits) {
      const shape = this.#shape(rows);
      this.#activation?.backward(
        preActivation,
        output,
        gradient,
        shape.rows,
        shape.units,
        shape.rowBytes,
      );
    }
    if (this.#packed) {
      this.#kernels.unpackColumn(gradient, this.#matrices.gradient, this.#rowBytes, rows);
    }
  }

  #shape(rows: number): { rows: number; units: number; rowBytes: number } {
    return this.#packed
      ? { rows: 1, units: rows, rowBytes: 4 * roundUp(rows) }
      : { rows, units: this.#units, rowBytes: this.#rowBytes };
  }
}

/** Room for three matrices of `count` numbers. */
export function matricesOf(arena: Arena, count: number, linear: boolean): LayerMatrices {
  const preActivation = arena.allocate(count);
  const output = linear ? preActivation : arena.allocate(count);
  return { preActivation, output, gradient: arena.allocate(count) };
}

function fromLogits(loss: Loss, activation: Activation): boolean {
  return (
    (loss === "binaryCrossentropy" && activation === "sigmoid") ||
    (loss === "sparseCategoricalCrossentropy" && activation === "softmax")
  );
}

function lossKernel(kernels: Kernels, loss: Loss, fromLogits: boolean): LossKernel {
  switch (loss) {
    case "binaryCrossentropy":
      return fromLogits ? kernels.binaryCrossentropyFromLogits : kernels.binaryCrossentropy;
    case "sparseCategoricalCrossentropy":
      return fromLogits
        ? kernels.sparseCategoricalCrossentropyFromLogits
        : kernels.sparseCategoricalCrossentropy;
    case "meanSquaredError":
      return kernels.meanSquaredError;
    case "hinge":
      return kernels.hinge;
    default:
      throw new UnsupportedBySimdError(`the loss ${loss}`);
  }
}
