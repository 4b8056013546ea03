// The reference's network in a run: batches are copied row by row into the step's own.

import type { Bucket, Run } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { permutationKeys, permutedIndex } from "../../shared/random.ts";
import { type ActivationTensors, zeroGradientShare } from "../probes/layer-signals.ts";
import { dense, type Matrix, scan } from "../probes/matrix.ts";
import { type TrainableNetwork, TrainingRun } from "../training-run.ts";
import type { Pass } from "./stage.ts";
import type { Precision, Tensor } from "./tensor.ts";
import { TrainStep } from "./train-step.ts";

export function referenceRun(
  bucket: Bucket,
  run: Run,
  dataset: Dataset,
  precision: Precision,
): TrainingRun {
  return new TrainingRun(bucket, run, dataset, (parameters) => ({
    network: new ReferenceNetwork(bucket, run, dataset, parameters, precision),
    close: () => {},
  }));
}

/** A batch of one row through a network of 26 parameters takes as long as 5,000 multiplications. */
const BATCH_OVERHEAD = 5000;

class ReferenceNetwork extends TrainStep implements TrainableNetwork {
  readonly batchOverhead = BATCH_OVERHEAD;
  readonly inferenceBatchSize: number;

  readonly #bucket: Bucket;
  readonly #seed: number;
  readonly #dataset: Dataset;
  readonly #order: Uint32Array;
  readonly #keys = permutationKeys(0, 0, 1);

  constructor(
    bucket: Bucket,
    { hyper, trainingSeed }: Run,
    dataset: Dataset,
    parameters: Float32Array | Float64Array,
    precision: Precision,
  ) {
    const { network, batchSize } = bucket;
    super({ network, hyper, trainingSeed }, batchSize, parameters, precision);
    this.inferenceBatchSize = batchSize;
    this.#bucket = bucket;
    this.#seed = trainingSeed;
    this.#dataset = dataset;
    this.#order = new Uint32Array(dataset.train.rows).map((_, i) => i);
  }

  startEpoch(epoch: number): void {
    if (!this.#bucket.shuffle) return;
    const { rows } = this.#dataset.train;
    permutationKeys(this.#seed, epoch, rows, this.#keys);
    for (let i = 0; i < rows; i++) this.#order[i] = permutedIndex(this.#keys, i, rows);
  }

  evaluateTraining(first: number, rows: number, mode: Pass["mode"]): void {
    this.#takeRows(this.#dataset.train, first, rows, this.#order);
    this.evaluate(rows, mode);
  }

  evaluateTest(first: number, rows: number): void {
    this.#takeRows(this.#dataset.test, first, rows, null);
    this.evaluate(rows, "inference");
  }

  readParameters(): Float32Array | Float64Array {
    return this.parameters.slice();
  }

  viewParameters(): Tensor {
    return this.parameters;
  }

  viewGradients(): Tensor {
    return this.gradients;
  }

  gradientSquares(): number {
    return scan(dense(this.gradients, this.gradients.length)).squares;
  }

  viewInputs(rows: number): Matrix {
    return matrix(this.inputs, rows, this.#bucket.network.inputs);
  }

  viewOutputs(rows: number): Matrix {
    const last = this.blocks[this.blocks.length - 1];
    return matrix(last.output, rows, last.units);
  }

  viewLabels(rows: number): Tensor {
    return this.labels.subarray(0, rows);
  }

  viewActivation(layer: number, rows: number): ActivationTensors {
    const { firstActivation, preActivations, units } = this.blocks[layer];
    const { name, alpha } = firstActivation?.activation ?? LINEAR;
    return {
      activation: name,
      alpha,
      z: matrix(firstActivation?.input ?? preActivations, rows, units),
      a: matrix(firstActivation?.output ?? preActivations, rows, units),
    };
  }

  zeroGradientShare(layer: number, rows: number): number {
    const { input, gradient, units } = this.blocks[layer];
    const { inputs } = this.#bucket.network.layers[layer];
    return zeroGradientShare({
      input: matrix(input, rows, inputs),
      dOutput: matrix(gradient, rows, units),
    });
  }

  /** Copies rows of a part into the batch: those from `first` on, in the given order. */
  #takeRows(part: Part, first: number, rows: number, order: Uint32Array | null): void {
    const { inputs } = this.#bucket.network;
    for (let b = 0; b < rows; b++) {
      const row = order === null ? first + b : order[first + b];
      for (let i = 0; i < inputs; i++) this.inputs[b * inputs + i] = part.x[row * inputs + i];
      this.labels[b] = part.y[row];
      if (part.sampleWeight) this.sampleWeight[b] = part.sampleWeight[row];
    }
  }
}

const LINEAR = { name: "linear", alpha: 0 } as const;

/** The first rows of a tensor (capacity, columns). */
function matrix(values: Tensor, rows: number, columns: number): Matrix {
  return { values, rows, columns, stride: columns };
}
