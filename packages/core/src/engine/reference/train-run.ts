// Trains one run of a plan from its initial weights to its end, epoch by epoch. It knows nothing of
// events and of other runs; whoever drives the generator decides when to pause.

import type { Bucket, Run } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { permutationKeys, permutedIndex } from "../../shared/random.ts";
import type { EpochSignal, FinishedEvent } from "../../trace/trace-event.ts";
import { initialParameters } from "../initial-parameters.ts";
import type { Precision } from "./tensor.ts";
import { TrainStep } from "./train-step.ts";

/** A batch of one row through a network of 26 parameters takes as long as 5,000 multiplications. */
const BATCH_OVERHEAD = 5000;

export class TrainingRun {
  /** Epochs that are finished, with one value of every signal each. */
  epochs = 0;
  readonly signals: Partial<Record<EpochSignal, Float32Array>>;
  /** Optimizer steps taken. */
  steps = 0;
  status: FinishedEvent["status"] = "complete";

  readonly #bucket: Bucket;
  readonly #run: Run;
  readonly #dataset: Dataset;
  readonly #step: TrainStep;

  constructor(bucket: Bucket, run: Run, dataset: Dataset, precision: Precision) {
    const { network, batchSize, epochs } = bucket;
    const parameters = initialParameters(network, run.trainingSeed);
    this.#bucket = bucket;
    this.#run = run;
    this.#dataset = dataset;
    this.#step = new TrainStep(network, run.hyper, batchSize, parameters, precision);
    this.signals = { loss: new Float32Array(epochs), accuracy: new Float32Array(epochs) };
    if (dataset.test.rows > 0) {
      this.signals.valLoss = new Float32Array(epochs);
      this.signals.valAccuracy = new Float32Array(epochs);
    }
  }

  /** The parameters as they stand, flat in the order of `network.layout`. */
  get parameters(): Float32Array | Float64Array {
    return this.#step.parameters;
  }

  /** Trains to the end; yields after every batch with what it took, in multiplications. */
  *train(): Generator<number, void> {
    const { train, test } = this.#dataset;
    const order = new Uint32Array(train.rows).map((_, i) => i);
    const keys = permutationKeys(0, 0, 1);
    while (this.epochs < this.#bucket.epochs) {
      if (this.#bucket.shuffle) {
        permutationKeys(this.#run.trainingSeed, this.epochs, train.rows, keys);
        for (let i = 0; i < order.length; i++) order[i] = permutedIndex(keys, i, train.rows);
      }
      yield* this.#pass("train", train, order);
      if (this.status === "diverged") return;
      if (test.rows > 0) yield* this.#pass("test", test, null);
      this.epochs++;
    }
  }

  /**
   * Goes once through a part in batches, the last one as short as it comes. Loss and accuracy are
   * means over the rows, of the training part as it was met, before each update.
   */
  *#pass(name: "train" | "test", part: Part, order: Uint32Array | null): Generator<number, void> {
    const { batchSize, network } = this.#bucket;
    let lossSum = 0;
    let correct = 0;
    for (let first = 0; first < part.rows; first += batchSize) {
      const batch = Math.min(batchSize, part.rows - first);
      this.#takeRows(part, first, batch, order);
      this.#step.evaluate(batch);
      if (name === "train") {
        if (!Number.isFinite(this.#step.loss)) {
          this.status = "diverged";
          return;
        }
        this.#step.backward(batch);
        this.#step.update();
        this.steps++;
      }
      lossSum += batch * this.#step.loss;
      correct += this.#step.correct;
      yield BATCH_OVERHEAD + batch * network.layout.size * (name === "train" ? 3 : 1);
    }
    const { loss, accuracy, valLoss, valAccuracy } = this.signals;
    (name === "train" ? loss : valLoss)![this.epochs] = lossSum / part.rows;
    (name === "train" ? accuracy : valAccuracy)![this.epochs] = correct / part.rows;
  }

  /** Copies rows of a part into the step's batch: those from `first` on, in the given order. */
  #takeRows(part: Part, first: number, batch: number, order: Uint32Array | null): void {
    const { inputs } = this.#bucket.network;
    for (let b = 0; b < batch; b++) {
      const row = order === null ? first + b : order[first + b];
      for (let i = 0; i < inputs; i++) {
        this.#step.inputs[b * inputs + i] = part.x[row * inputs + i];
      }
      this.#step.labels[b] = part.y[row];
    }
  }
}
