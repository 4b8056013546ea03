// Trains one run of a plan from its initial weights to its end, epoch by epoch. It knows nothing of
// events and of other runs; whoever drives the generator decides when to pause.

import type { Bucket, Run } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { permutationKeys, permutedIndex } from "../../shared/random.ts";
import type { EpochSignal, FinishedEvent } from "../../trace/trace-event.ts";
import { EarlyStopping } from "../early-stopping.ts";
import { initialParameters } from "../initial-parameters.ts";
import { ReduceOnPlateau } from "../reduce-on-plateau.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";
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
  /** Null where the plan asks for none; so with those below. */
  readonly #plateau: ReduceOnPlateau | null;
  readonly #earlyStopping: EarlyStopping | null;
  /** The parameters of the best epoch, to be restored at the end. */
  readonly #best: Tensor | null;

  constructor(bucket: Bucket, run: Run, dataset: Dataset, precision: Precision) {
    const { network, batchSize, epochs } = bucket;
    const { hyper, trainingSeed } = run;
    const { earlyStopping, reduceOnPlateau } = hyper;
    const parameters = initialParameters(network, trainingSeed, hyper);
    this.#bucket = bucket;
    this.#run = run;
    this.#dataset = dataset;
    this.#step = new TrainStep({ network, hyper, trainingSeed }, batchSize, parameters, precision);
    this.#plateau = reduceOnPlateau ? new ReduceOnPlateau(reduceOnPlateau) : null;
    this.#earlyStopping = earlyStopping ? new EarlyStopping(earlyStopping) : null;
    this.#best = earlyStopping?.restoreBest ? tensor(precision, parameters.length) : null;
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
      this.#endEpoch();
      if (this.#earlyStopping?.stops) break;
    }
    if (this.#best !== null && this.#value("earlyStopping") !== undefined) {
      this.parameters.set(this.#best);
    }
  }

  /** The callbacks in Keras's order. One whose signal is not measured does nothing. */
  #endEpoch(): void {
    const forPlateau = this.#value("reduceOnPlateau");
    if (this.#plateau !== null && forPlateau !== undefined) {
      this.#plateau.see(forPlateau, this.#step.plannedLearningRate);
      this.#step.rateFactor = this.#plateau.factor;
    }
    const forStopping = this.#value("earlyStopping");
    if (this.#earlyStopping !== null && forStopping !== undefined) {
      this.#earlyStopping.see(forStopping);
      if (this.#earlyStopping.isBest) this.#best?.set(this.parameters);
    }
  }

  /** What a callback monitors, at the end of the epoch just finished. */
  #value(callback: "earlyStopping" | "reduceOnPlateau"): number | undefined {
    const monitor = this.#run.hyper[callback]?.monitor;
    return monitor && this.signals[monitor]?.[this.epochs - 1];
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
      this.#step.evaluate(batch, name === "train" ? "training" : "inference");
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
