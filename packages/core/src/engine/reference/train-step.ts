// One training step of one network: forward, loss, backward, update. All tensors are made once, in
// the constructor; a step only writes to them.

import type { Hyper, Layer, Network } from "../../compile/plan.ts";
import { activate, activationGradient } from "./activation.ts";
import {
  denseBiasGradient,
  denseForward,
  denseInputGradient,
  denseKernelGradient,
} from "./dense.ts";
import { countCorrect, type LossHead, lossHead } from "./loss.ts";
import { createOptimizer, type Update } from "./optimizer.ts";
import { type Precision, rounded, type Tensor, tensor } from "./tensor.ts";

export class TrainStep {
  /** Flat, in the order of `network.layout`. */
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  /** The batch that `evaluate` reads: (batch, inputs) and (batch). */
  readonly inputs: Tensor;
  readonly labels: Tensor;

  /** Of the batch last evaluated: the mean loss without penalties, the penalties, how many right. */
  dataLoss = 0;
  regularizationLoss = 0;
  correct = 0;

  readonly #precision: Precision;
  readonly #layers: readonly DenseLayer[];
  readonly #last: DenseLayer;
  readonly #head: LossHead;
  readonly #update: Update;

  constructor(
    network: Network,
    hyper: Hyper,
    batchSize: number,
    parameters: Float32Array | Float64Array,
    precision: Precision,
  ) {
    this.#precision = precision;
    this.parameters = tensor(precision, parameters);
    this.gradients = tensor(precision, parameters.length);
    this.inputs = tensor(precision, batchSize * network.inputs);
    this.labels = tensor(precision, batchSize);
    this.#layers = this.#makeLayers(network, hyper, batchSize);
    this.#last = this.#layers[this.#layers.length - 1];
    this.#head = lossHead(network.loss, this.#last.shape.activation, precision);
    this.#update = createOptimizer(network.optimizer, hyper, parameters.length, precision);
  }

  /** What Keras reports as the batch's loss. */
  get loss(): number {
    return rounded(this.#precision, this.dataLoss + this.regularizationLoss);
  }

  /** (batch, outputs): pre-activations of the last layer. */
  get logits(): Tensor {
    return this.#last.preActivations;
  }

  /** Forward and loss over the first `batch` rows of `inputs`. */
  evaluate(batch: number): void {
    for (const { shape, input, kernel, bias, preActivations, activations } of this.#layers) {
      denseForward(shape, batch, input, kernel, bias, preActivations);
      activate(shape.activation, batch, shape.units, preActivations, activations);
    }
    const { shape, preActivations, activations, gradient } = this.#last;
    const outputs = this.#head.fromLogits ? preActivations : activations;
    const sum = this.#head.compute(batch, shape.units, outputs, this.labels, gradient);
    this.dataLoss = rounded(this.#precision, sum / batch);
    this.correct = countCorrect(batch, shape.units, activations, this.labels);
    this.regularizationLoss = rounded(
      this.#precision,
      this.#layers.reduce((total, layer) => total + penalty(layer), 0),
    );
  }

  /** Gradients of the loss that `evaluate` has just computed. */
  backward(batch: number): void {
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l];
      const { shape, input, kernel, preActivations, activations, gradient } = layer;
      if (layer !== this.#last || !this.#head.fromLogits) {
        const { activation, units } = shape;
        activationGradient(activation, batch, units, preActivations, activations, gradient);
      }
      denseKernelGradient(shape, batch, input, gradient, layer.dKernel);
      addPenaltyGradient(layer);
      if (layer.dBias !== null) denseBiasGradient(shape, batch, gradient, layer.dBias);
      if (l > 0) denseInputGradient(shape, batch, gradient, kernel, this.#layers[l - 1].gradient);
    }
  }

  update(): void {
    this.#update(this.parameters, this.gradients);
  }

  #makeLayers(network: Network, hyper: Hyper, batchSize: number): DenseLayer[] {
    const layers: DenseLayer[] = [];
    network.layers.forEach((shape, l) => {
      const place = (kind: "kernel" | "bias") =>
        network.layout.tensors.find((t) => t.layer === l && t.kind === kind);
      const view = (flat: Tensor, { offset, size }: { offset: number; size: number }) =>
        flat.subarray(offset, offset + size);
      const kernel = place("kernel")!;
      const bias = place("bias");
      layers.push({
        shape,
        l1: hyper.l1[l],
        l2: hyper.l2[l],
        kernel: view(this.parameters, kernel),
        dKernel: view(this.gradients, kernel),
        bias: bias === undefined ? null : view(this.parameters, bias),
        dBias: bias === undefined ? null : view(this.gradients, bias),
        input: l === 0 ? this.inputs : layers[l - 1].activations,
        preActivations: tensor(this.#precision, batchSize * shape.units),
        activations: tensor(this.#precision, batchSize * shape.units),
        gradient: tensor(this.#precision, batchSize * shape.units),
      });
    });
    return layers;
  }
}

/** Tensors of one layer; those of parameters are views into the flat vectors. */
interface DenseLayer {
  readonly shape: Layer;
  readonly l1: number;
  readonly l2: number;
  readonly kernel: Tensor;
  readonly dKernel: Tensor;
  readonly bias: Tensor | null;
  readonly dBias: Tensor | null;
  /** The batch, or the activations of the layer before. */
  readonly input: Tensor;
  readonly preActivations: Tensor;
  readonly activations: Tensor;
  /** dActivations when it comes from the layer behind, then dPreActivations in place. */
  readonly gradient: Tensor;
}

/** l1 sum |w| + l2 sum w^2 over the kernel. */
function penalty({ kernel, l1, l2 }: DenseLayer): number {
  if (l1 === 0 && l2 === 0) return 0;
  let sum = 0;
  for (let i = 0; i < kernel.length; i++) {
    sum += l1 * Math.abs(kernel[i]) + l2 * kernel[i] * kernel[i];
  }
  return sum;
}

function addPenaltyGradient({ kernel, dKernel, l1, l2 }: DenseLayer): void {
  if (l1 === 0 && l2 === 0) return;
  for (let i = 0; i < kernel.length; i++) {
    dKernel[i] += l1 * Math.sign(kernel[i]) + 2 * l2 * kernel[i];
  }
}
