// One training step of one network: forward, loss, backward, update.

import { countCorrect } from "./accuracy.ts";
import { type Block, lastActivation } from "./block.ts";
import { type Clip, gradientClipping } from "./clip-gradients.ts";
import { type LossHead, lossHead } from "./loss.ts";
import { bindNetwork, type NetworkDefinition } from "./network.ts";
import { createOptimizer, type Update } from "./optimizer.ts";
import { Parameters } from "./parameters.ts";
import { sampleWeights } from "./sample-weights.ts";
import type { Pass, Stage } from "./stage.ts";
import { type Precision, rounded, type Tensor, tensor } from "./tensor.ts";

export class TrainStep {
  /** The batch that `evaluate` reads: (batch, inputs) and (batch). */
  readonly inputs: Tensor;
  readonly labels: Tensor;
  /** (batch): the samples' own weights; read where the network says that they have some. */
  readonly sampleWeight: Tensor;

  /** Of the batch last evaluated: the mean loss without penalties, the penalties, how many right. */
  dataLoss = 0;
  regularizationLoss = 0;
  correct = 0;
  /** Optimizer steps taken. */
  steps = 0;
  /** What the plan's learning rate is multiplied by. */
  rateFactor = 1;

  readonly #definition: NetworkDefinition;
  readonly #precision: Precision;
  readonly #parameters: Parameters;
  readonly #before: readonly Stage[];
  readonly #blocks: readonly Block[];
  readonly #last: Block;
  /** dInputs of the first block; null where no stage stands before it. */
  readonly #inputGradient: Tensor | null;
  readonly #head: LossHead;
  /** (batch): what each sample weighs in the loss. */
  readonly #weights: Tensor;
  readonly #clip: Clip | null;
  readonly #update: Update;
  readonly #pass: { -readonly [key in keyof Pass]: Pass[key] } = { mode: "training", step: 0 };

  constructor(
    definition: NetworkDefinition,
    batchSize: number,
    parameters: Float32Array | Float64Array,
    precision: Precision,
  ) {
    const { network, hyper } = definition;
    const { layout, layers } = network;
    this.#definition = definition;
    this.#precision = precision;
    this.#parameters = new Parameters(layout, parameters, precision);
    this.inputs = tensor(precision, batchSize * network.inputs);
    this.labels = tensor(precision, batchSize);
    this.sampleWeight = tensor(precision, batchSize);
    this.#weights = tensor(precision, batchSize);
    const bound = bindNetwork(definition, this.inputs, batchSize, this.#parameters, precision);
    this.#before = bound.before;
    this.#blocks = bound.blocks;
    this.#last = bound.blocks[bound.blocks.length - 1];
    this.#inputGradient = this.#before.length > 0 ? tensor(precision, this.inputs.length) : null;
    const activation = lastActivation(layers[layers.length - 1]);
    this.#head = lossHead({ ...network, ...hyper }, activation, this.#last.units, precision);
    const tensors = layout.tensors.filter((place) => place.trainable);
    this.#clip = gradientClipping(
      hyper,
      this.#parameters.trainable.gradient,
      tensors.map(({ offset, size }) => this.#parameters.view(offset, size).gradient),
    );
    this.#update = createOptimizer(network.optimizer, hyper, layout.trainable, precision);
  }

  /** Flat, in the order of the network's layout. */
  get parameters(): Tensor {
    return this.#parameters.values;
  }

  /** As `parameters`; those of moving statistics are 0. */
  get gradients(): Tensor {
    return this.#parameters.gradients;
  }

  /** What Keras reports as the batch's loss. */
  get loss(): number {
    return rounded(this.#precision, this.dataLoss + this.regularizationLoss);
  }

  /** (batch, outputs): pre-activations of the last dense layer. */
  get logits(): Tensor {
    return this.#last.preActivations;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Forward and loss over the first `batch` rows of `inputs`; class weights count in training. */
  evaluate(batch: number, mode: Pass["mode"]): void {
    const last = this.#last;
    this.#pass.mode = mode;
    this.#pass.step = this.steps;
    for (const stage of this.#before) stage.forward(batch, this.#pass);
    for (const block of this.#blocks) block.forward(batch, this.#pass);
    const { compute, passesActivation } = this.#head;
    const outputs = passesActivation ? last.lastStage!.input : last.output;
    const { network, hyper } = this.#definition;
    const { labels, sampleWeight } = this;
    const weights = sampleWeights(network, hyper, mode, batch, labels, sampleWeight, this.#weights);
    const sum = compute(batch, last.units, outputs, labels, weights, last.gradient);
    this.dataLoss = rounded(this.#precision, sum / batch);
    this.correct = countCorrect(batch, last.units, last.output, this.labels);
    let penalties = 0;
    for (const block of this.#blocks) penalties += block.penalty(batch);
    this.regularizationLoss = rounded(this.#precision, penalties);
  }

  /** Gradients of the loss that `evaluate` has just computed in training mode. */
  backward(batch: number): void {
    for (let l = this.#blocks.length - 1; l >= 0; l--) {
      const block = this.#blocks[l];
      const passesLast = block === this.#last && this.#head.passesActivation;
      const dInput = l > 0 ? this.#blocks[l - 1].gradient : this.#inputGradient;
      block.backward(batch, passesLast, dInput);
    }
    for (let s = this.#before.length - 1; s >= 0; s--) {
      this.#before[s].backward(batch, this.#inputGradient!);
    }
  }

  /** Clipping, decay, the optimizer's update, and the moving statistics of the step. */
  update(): void {
    const { values, gradient } = this.#parameters.trainable;
    const learningRate = this.rateFactor * this.plannedLearningRate;
    const { weightDecay } = this.#definition.hyper;
    if (this.#clip !== null) this.#clip();
    if (weightDecay !== 0) {
      for (let i = 0; i < values.length; i++) values[i] -= learningRate * weightDecay * values[i];
    }
    this.#update(values, gradient, learningRate);
    for (const stage of this.#before) stage.commit?.();
    for (const block of this.#blocks) block.commit();
    this.steps++;
  }

  /** The plan's rate of the next update, before `rateFactor`. */
  get plannedLearningRate(): number {
    const { learningRate, learningRates } = this.#definition.hyper;
    if (learningRates === undefined) return learningRate;
    return learningRates[Math.min(this.steps, learningRates.length - 1)];
  }
}
