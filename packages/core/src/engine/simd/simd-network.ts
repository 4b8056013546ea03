// One network in linear memory: forward, backward and update as sequences of kernel calls. All room
// is taken once, in the constructor.
//
// A matrix has its columns rounded up to a multiple of 4, and as many rows as its tiles touch;
// padding is 0 and stays 0 (wasm/activations.ts).

import { type ActivationTensors, zeroGradientShare } from "../probes/layer-signals.ts";
import type { Matrix } from "../probes/matrix.ts";
import type { ProbedNetwork } from "../probes/probed-network.ts";
import type { NetworkDefinition } from "../reference/network.ts";
import type { Pass } from "../reference/stage.ts";
import type { Arena } from "./arena.ts";
import { bindNetwork } from "./bind-network.ts";
import type { Block, Rows } from "./block.ts";
import { gradientClipping } from "./clip-gradients.ts";
import type { Head } from "./head.ts";
import type { Kernels } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";
import { Parameters } from "./parameters.ts";
import type { Stage } from "./stage.ts";
import { createUpdate, type Update } from "./update.ts";

export class SimdNetwork implements ProbedNetwork {
  /** Most rows that one call may see. */
  readonly capacity: number;
  /** The training batch: (rows, inputs), its rows `inputBytes` apart, its labels and weights. */
  readonly inputs: number;
  readonly inputBytes: number;
  readonly labels: number;
  readonly sampleWeight: number;
  readonly parameters: Parameters;

  /** Of the rows last evaluated: the mean loss without penalties, the penalties, how many right. */
  dataLoss = 0;
  regularizationLoss = 0;
  correct = 0;
  /** Optimizer steps taken. */
  steps = 0;
  /** What the plan's learning rate is multiplied by. */
  rateFactor = 1;

  /** Where the labels of the rows last evaluated lie. */
  #lastLabels = 0;
  /** The view last shown: making one takes as long as a kernel on a few rows. */
  #seenLabels: Float32Array = new Float32Array();
  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #definition: NetworkDefinition;
  readonly #before: readonly Stage[];
  readonly #blocks: readonly Block[];
  readonly #last: Block;
  readonly #head: Head;
  /** What each block reads in training, and where it sends its gradient; null for none. */
  readonly #inputsOf: readonly Rows[];
  readonly #dInputsOf: readonly (Rows | null)[];
  readonly #clip: (() => void) | null;
  readonly #update: Update;
  readonly #pass: { -readonly [key in keyof Pass]: Pass[key] } = { mode: "training", step: 0 };

  constructor(kernels: Kernels, arena: Arena, definition: NetworkDefinition, batchSize: number) {
    const { network, hyper } = definition;
    this.#kernels = kernels;
    this.#arena = arena;
    this.#definition = definition;
    this.capacity = Math.max(roundUp(batchSize), MIN_CAPACITY);
    this.inputBytes = rowBytes(network.inputs);
    this.inputs = arena.allocate((this.capacity * this.inputBytes) / 4);
    this.labels = arena.allocate(this.capacity);
    this.sampleWeight = arena.allocate(this.capacity);
    this.parameters = new Parameters(arena, network.layout);
    const { gradients, count, trainableGradients } = this.parameters;
    const all = { address: gradients, count };
    this.#clip = gradientClipping(kernels, hyper, all, trainableGradients);
    this.#update = createUpdate(kernels, arena, network.optimizer, hyper, this.parameters);
    const bound = bindNetwork(
      kernels,
      arena,
      definition,
      this.inputs,
      this.capacity,
      this.parameters,
    );
    const { before, blocks, head } = bound;
    this.#before = before;
    this.#blocks = blocks;
    this.#last = blocks[blocks.length - 1];
    this.#head = head;
    const hasStages = before.length > 0;
    const rowsOf = (address: number, rowBytes: number): Rows => ({ address, rowBytes });
    const start = hasStages ? before[before.length - 1].output : this.inputs;
    const dStart = hasStages ? arena.allocate((this.capacity * this.inputBytes) / 4) : 0;
    const behind = blocks.slice(0, -1);
    this.#inputsOf = [
      rowsOf(start, this.inputBytes),
      ...behind.map((block) => rowsOf(block.output, block.rowBytes)),
    ];
    this.#dInputsOf = [
      hasStages ? rowsOf(dStart, this.inputBytes) : null,
      ...behind.map((block) => rowsOf(block.gradient, block.rowBytes)),
    ];
  }

  /** What Keras reports as the batch's loss. */
  get loss(): number {
    return Math.fround(this.dataLoss + this.regularizationLoss);
  }

  /** The plan's rate of the next update, before `rateFactor`. */
  get plannedLearningRate(): number {
    const { learningRate, learningRates } = this.#definition.hyper;
    if (learningRates === undefined) return learningRate;
    return learningRates[Math.min(this.steps, learningRates.length - 1)];
  }

  /** Forward and loss over rows that lie at `inputs`, `inputBytes` apart, in linear memory. */
  evaluate(
    rows: number,
    inputs: number,
    labels: number,
    mode: Pass["mode"],
    sampleWeight = this.sampleWeight,
  ): void {
    const blocks = this.#blocks;
    this.#pass.mode = mode;
    this.#pass.step = this.steps;
    let first = this.#inputsOf[0];
    if (this.#before.length > 0) {
      this.#runBefore(rows, inputs);
    } else if (inputs !== this.inputs) {
      first = { address: inputs, rowBytes: this.inputBytes };
    }
    for (let l = 0; l < blocks.length; l++) {
      blocks[l].forward(rows, l === 0 ? first : this.#inputsOf[l], this.#pass);
    }
    this.#head.evaluate(rows, labels, sampleWeight, mode);
    this.#lastLabels = labels;
    let penalties = 0;
    for (const block of blocks) penalties += block.penalty(rows);
    this.dataLoss = this.#head.loss;
    this.correct = this.#head.correct;
    this.regularizationLoss = Math.fround(penalties);
  }

  /** Gradients of the training batch, which `evaluate` has just seen; penalties included. */
  backward(rows: number): void {
    this.#head.backward(rows);
    for (let l = this.#blocks.length - 1; l >= 0; l--) {
      const block = this.#blocks[l];
      const passesLast = block === this.#last && this.#head.passesLastStage;
      block.backward(rows, this.#inputsOf[l], passesLast, this.#dInputsOf[l]);
    }
    for (let s = this.#before.length - 1; s >= 0; s--) {
      this.#before[s].backward(rows, this.#dInputsOf[0]!.address);
    }
  }

  /** Clipping, decay, the optimizer's update, and the moving statistics of the step. */
  update(): void {
    const { values, count } = this.parameters;
    const { weightDecay } = this.#definition.hyper;
    const learningRate = this.rateFactor * this.plannedLearningRate;
    if (this.#clip !== null) this.#clip();
    if (weightDecay !== 0) this.#kernels.decay(values, count, learningRate * weightDecay);
    this.#update(learningRate);
    for (const stage of this.#before) stage.commit?.();
    for (const block of this.#blocks) block.commit();
    this.steps++;
  }

  /** (rows, units): pre-activations of the last layer. */
  readLogits(rows: number): Float32Array {
    const { preActivations, units, rowBytes } = this.#last;
    const logits = new Float32Array(rows * units);
    for (let row = 0; row < rows; row++) {
      logits.set(this.#arena.floats(preActivations + row * rowBytes, units), row * units);
    }
    return logits;
  }

  viewParameters(): Float32Array {
    return this.parameters.read();
  }

  viewGradients(): Float32Array {
    return this.parameters.readGradients();
  }

  gradientSquares(): number {
    const { gradients, count } = this.parameters;
    return this.#kernels.squares(gradients, count);
  }

  viewInputs(rows: number): Matrix {
    const { inputs } = this.#definition.network;
    return this.#view({ address: this.inputs, rowBytes: this.inputBytes }, rows, inputs);
  }

  viewOutputs(rows: number): Matrix {
    return this.#head.viewOutputs(rows);
  }

  viewLabels(rows: number): Float32Array {
    const seen = this.#seenLabels;
    if (seen.byteOffset !== this.#lastLabels || seen.length !== rows) {
      this.#seenLabels = this.#arena.floats(this.#lastLabels, rows);
    }
    return this.#seenLabels;
  }

  viewActivation(layer: number, rows: number): ActivationTensors {
    const block = this.#blocks[layer];
    const { firstActivation, preActivations, rowBytes, units } = block;
    const ofHead = block === this.#last ? this.#head.viewActivation(rows) : null;
    if (firstActivation === null && ofHead !== null) return ofHead;
    const { name, alpha } = firstActivation?.activation ?? LINEAR;
    const view = (address: number) => this.#view({ address, rowBytes }, rows, units);
    return {
      activation: name,
      alpha,
      z: view(firstActivation?.input ?? preActivations),
      a: view(firstActivation?.output ?? preActivations),
    };
  }

  zeroGradientShare(layer: number, rows: number): number {
    const { gradient, rowBytes, units } = this.#blocks[layer];
    const { inputs } = this.#definition.network.layers[layer];
    return zeroGradientShare({
      input: this.#view(this.#inputsOf[layer], rows, inputs),
      dOutput: this.#view({ address: gradient, rowBytes }, rows, units),
    });
  }

  #view({ address, rowBytes }: Rows, rows: number, columns: number): Matrix {
    const stride = rowBytes / 4;
    return { values: this.#arena.floats(address, rows * stride), rows, columns, stride };
  }

  /** Stages on the inputs read the batch's own place. */
  #runBefore(rows: number, inputs: number): void {
    if (inputs !== this.inputs) {
      this.#kernels.copy(inputs, this.inputs, (rows * this.inputBytes) / 4);
    }
    for (const stage of this.#before) stage.forward(rows, this.#pass);
  }
}

const LINEAR = { name: "linear", alpha: 0 } as const;

/** So that inference does not go row by row where the batch size is 1. */
const MIN_CAPACITY = 32;
