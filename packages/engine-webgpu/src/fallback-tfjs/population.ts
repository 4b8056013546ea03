// The networks that are trained as one: their parameters and optimizer state on the device, and the
// parts of a training step. Losses, batches and epochs belong to the callers.

import type { Hyper, Network, ParameterTensor } from "@convergence-lab/core";
import {
  abs,
  add,
  concat,
  dispose,
  keep,
  mul,
  reshape,
  sign,
  slice,
  square,
  sum,
  type Tensor,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Forward } from "./layers/layer.ts";
import { type BatchLoss, countCorrect, type LossHead, lossHead } from "./loss.ts";
import { type NetworkChain, networkChain } from "./network-chain.ts";
import { createOptimizer, type Optimizer } from "./optimizer.ts";
import { perNetwork } from "./per-network.ts";

/** What one batch gave, each (models), and what backward needs. */
export interface Evaluation {
  readonly dataLoss: Tensor;
  readonly regularizationLoss: Tensor;
  /** What Keras reports as the batch's loss. */
  readonly loss: Tensor;
  readonly correct: Tensor;
  /** (models, batch, units): what goes into the last activation. */
  readonly logits: Tensor;
  /** Gradients of the loss, penalties included: (models, size). */
  gradients(): Tensor;
}

export class Population {
  readonly models: number;
  /** Optimizer steps taken. */
  steps = 0;

  readonly #network: Network;
  readonly #hypers: readonly Hyper[];
  readonly #chain: NetworkChain;
  readonly #head: LossHead;
  readonly #optimizer: Optimizer;
  /** (models, size): each row flat in the order of `network.layout`. */
  #parameters: Tensor;
  #state: readonly Tensor[];

  /** `parameters` holds one row of `network.layout.size` numbers per network. */
  constructor(network: Network, hypers: readonly Hyper[], parameters: Float32Array) {
    const { size } = network.layout;
    this.models = hypers.length;
    this.#network = network;
    this.#hypers = hypers;
    this.#chain = networkChain(network);
    this.#head = lossHead(network.loss, network.layers[network.layers.length - 1].activation);
    this.#optimizer = createOptimizer(network.optimizer, hypers);
    this.#parameters = tensor2d(parameters, [this.models, size]);
    this.#state = tidy(() => this.#optimizer.start(this.models, size));
  }

  get parameters(): Tensor {
    return this.#parameters;
  }

  dispose(): void {
    dispose([this.#parameters, ...this.#state]);
  }

  /** Forward and loss: `inputs` (models, batch, inputs), `labels` (models, batch). Call in a tidy. */
  evaluate(inputs: Tensor, labels: Tensor, training: boolean): Evaluation {
    const { links, lastActivation } = this.#chain;
    const passes: { readonly forward: Forward; readonly weights: readonly Tensor[] }[] = [];
    let values = inputs;
    for (const { layer, tensors } of links) {
      const weights = tensors.map((place) => this.#view(place));
      const forward = layer.forward(weights, values, training);
      passes.push({ forward, weights });
      values = forward.output;
    }
    const logits = values;
    const last = lastActivation.forward([], logits, training);
    const batchLoss = this.#head.compute(this.#head.fromLogits ? logits : last.output, labels);
    const regularizationLoss = this.#penalty(passes.map(({ weights }) => weights));
    return {
      dataLoss: batchLoss.loss,
      regularizationLoss,
      loss: add(batchLoss.loss, regularizationLoss),
      correct: countCorrect(last.output, labels),
      logits,
      gradients: () => this.#gradients(passes, last, batchLoss),
    };
  }

  /**
   * One optimizer step of every network. One that has diverged goes on with numbers that are not
   * finite: no other network sees them, and masking them would cost a pass over all parameters.
   */
  update(gradients: Tensor): void {
    const before = [this.#parameters, ...this.#state];
    [this.#parameters, ...this.#state] = tidy(() => {
      const { parameters, state } = this.#optimizer.update(
        this.#parameters,
        gradients,
        this.#state,
        this.steps,
      );
      return [parameters, ...state];
    }).map((tensor) => keep(tensor));
    dispose(before);
    this.steps++;
  }

  #view({ offset, size, shape }: ParameterTensor): Tensor {
    const rows = slice(this.#parameters, [0, offset], [this.models, size]);
    return reshape(rows, [this.models, ...shape]);
  }

  #gradients(
    passes: readonly { readonly forward: Forward; readonly weights: readonly Tensor[] }[],
    last: Forward,
    batchLoss: BatchLoss,
  ): Tensor {
    const dOutputs = batchLoss.dOutputs();
    let gradient = this.#head.fromLogits ? dOutputs : last.backward(dOutputs).dInput();
    const pieces = new Map<ParameterTensor, Tensor>();
    for (let i = passes.length - 1; i >= 0; i--) {
      const { tensors } = this.#chain.links[i];
      const backward = passes[i].forward.backward(gradient);
      tensors.forEach((place, p) => {
        const weights = passes[i].weights[p];
        pieces.set(place, this.#withPenalty(place, weights, backward.dParameters[p]));
      });
      if (i > 0) gradient = backward.dInput();
    }
    const rows = this.#network.layout.tensors.map((place) =>
      reshape(pieces.get(place)!, [this.models, place.size]),
    );
    return rows.length === 1 ? rows[0] : concat(rows, 1);
  }

  /** (models): l1 sum |w| + l2 sum w^2 over the kernels. */
  #penalty(weights: readonly (readonly Tensor[])[]): Tensor {
    let total: Tensor = zeros([this.models]);
    this.#chain.links.forEach(({ tensors }, i) => {
      tensors.forEach((place, p) => {
        const { l1, l2 } = this.#penaltiesOf(place);
        const axes = place.shape.map((_, axis) => axis + 1);
        if (l1) total = add(total, mul(sum(abs(weights[i][p]), axes), perNetwork(l1, 1)));
        if (l2) total = add(total, mul(sum(square(weights[i][p]), axes), perNetwork(l2, 1)));
      });
    });
    return total;
  }

  #withPenalty(place: ParameterTensor, weights: Tensor, gradient: Tensor): Tensor {
    const { l1, l2 } = this.#penaltiesOf(place);
    const rank = place.shape.length + 1;
    let total = gradient;
    if (l1) total = add(total, mul(sign(weights), perNetwork(l1, rank)));
    if (l2) {
      const doubled = l2.map((value) => 2 * value);
      total = add(total, mul(weights, perNetwork(doubled, rank)));
    }
    return total;
  }

  /** One number per network; null where no network has that penalty. */
  #penaltiesOf({ kind, layer }: ParameterTensor): { l1: number[] | null; l2: number[] | null } {
    const of = (penalty: "l1" | "l2") => {
      const values = this.#hypers.map((hyper) => hyper[penalty][layer]);
      return kind === "kernel" && values.some((value) => value !== 0) ? values : null;
    };
    return { l1: of("l1"), l2: of("l2") };
  }
}
