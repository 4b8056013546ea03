// Trains one run of a plan from its initial weights to its end, epoch by epoch, on a network that an
// engine brings. It knows nothing of events and of other runs; whoever drives the generator decides
// when to pause.

import type { Bucket, Run } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { EpochSignal, FinishedEvent } from "../trace/trace-event.ts";
import { EpochCallbacks } from "./epoch-callbacks.ts";
import { initialParameters } from "./initial-parameters.ts";
import type { ProbedNetwork } from "./probes/probed-network.ts";
import { type RunProbes, runProbes } from "./probes/run-probes.ts";
import type { Pass } from "./reference/stage.ts";
import type { RunInTraining } from "./train-one-by-one.ts";

/** A network with the run's data, as an engine trains it. */
export interface TrainableNetwork extends ProbedNetwork {
  /** Of the batch last evaluated: what Keras reports as its loss, the penalties in it, the hits. */
  readonly loss: number;
  readonly regularizationLoss: number;
  readonly correct: number;
  /** Optimizer steps taken. */
  readonly steps: number;
  /** The plan's rate of the next update, before `rateFactor`. */
  readonly plannedLearningRate: number;
  /** What the plan's learning rate is multiplied by. */
  rateFactor: number;
  /** Most rows that one call in inference mode may see. */
  readonly inferenceBatchSize: number;
  /** What a batch costs beside its rows, in multiplications. */
  readonly batchOverhead: number;
  /** Settles the order of the training rows. */
  startEpoch(epoch: number): void;
  /** Forward and loss over `rows` rows from position `first` of the epoch's order. */
  evaluateTraining(first: number, rows: number, mode: Pass["mode"]): void;
  /** Forward and loss in inference mode over rows of the test part. */
  evaluateTest(first: number, rows: number): void;
  /** Gradients of what `evaluateTraining` has just seen in training mode. */
  backward(rows: number): void;
  update(): void;
  /** A copy, flat in the order of `network.layout`. */
  readParameters(): Float32Array | Float64Array;
}

/** Makes the network from its first parameters; `close` is called when the run has ended. */
export type OpenNetwork = (parameters: Float32Array | Float64Array) => {
  readonly network: TrainableNetwork;
  readonly close: () => void;
};

export class TrainingRun implements RunInTraining {
  /** Epochs that are finished, with one value of every signal each. */
  epochs = 0;
  readonly signals: Partial<Record<EpochSignal, Float32Array>>;
  /** Optimizer steps taken. */
  steps = 0;
  status: FinishedEvent["status"] = "complete";
  /** Flat in the order of `network.layout`; those of the start until `train` has ended. */
  parameters: Float32Array | Float64Array;

  /** Null when the plan asks for none. */
  readonly probes: RunProbes | null;

  readonly #bucket: Bucket;
  readonly #dataset: Dataset;
  readonly #open: OpenNetwork;
  readonly #callbacks: EpochCallbacks;
  /** The parameters of the best epoch, to be restored at the end. */
  #best: Float32Array | Float64Array | null = null;
  /** Multiplications that have not been yielded. */
  #work = 0;

  constructor(bucket: Bucket, run: Run, dataset: Dataset, open: OpenNetwork) {
    const { hyper, trainingSeed } = run;
    this.#bucket = bucket;
    this.#dataset = dataset;
    this.#open = open;
    this.probes = runProbes(bucket, run, dataset);
    this.#callbacks = new EpochCallbacks(hyper);
    this.parameters = initialParameters(bucket.network, trainingSeed, hyper);
    const column = () => new Float32Array(bucket.epochs);
    this.signals = { loss: column(), accuracy: column() };
    if (dataset.test.rows > 0) {
      this.signals.valLoss = column();
      this.signals.valAccuracy = column();
    }
    Object.assign(this.signals, this.probes?.signals);
  }

  /** Trains to the end; yields after some batches with the multiplications they took, about. */
  *train(): Generator<number, void> {
    const { network, close } = this.#open(this.parameters);
    try {
      while (this.epochs < this.#bucket.epochs && !this.#callbacks.stops) {
        yield* this.#trainEpoch(network);
        if (this.status === "diverged") break;
        if (this.#dataset.test.rows > 0) yield* this.#validate(network);
        if (this.probes !== null) {
          const infers = this.probes.readsInference && this.#isRead("training");
          const inference = infers ? yield* this.#infer(network) : UNMEASURED;
          this.probes.endEpoch(this.epochs, inference);
        }
        this.#callbacks.endEpoch(this.signals, this.epochs, network);
        if (this.#callbacks.isBest) this.#best = network.readParameters();
        this.epochs++;
      }
      if (this.status === "complete") this.probes?.finish(network, null);
      const best = this.status === "diverged" ? null : this.#best;
      this.parameters = best ?? network.readParameters();
    } finally {
      close();
    }
    yield this.#takeWork();
  }

  /**
   * In batches, the last one as short as it comes. Loss and accuracy are means over the rows as they
   * were met, before each update.
   */
  *#trainEpoch(network: TrainableNetwork): Generator<number, void> {
    const { batchSize } = this.#bucket;
    const { rows } = this.#dataset.train;
    let lossSum = 0;
    let correct = 0;
    network.startEpoch(this.epochs);
    for (let first = 0; first < rows; first += batchSize) {
      const batch = Math.min(batchSize, rows - first);
      network.evaluateTraining(first, batch, "training");
      const { loss } = network;
      if (!Number.isFinite(loss)) {
        this.status = "diverged";
        this.probes?.finish(network, batch);
        return;
      }
      network.backward(batch);
      this.probes?.beforeUpdate(network, batch);
      network.update();
      this.probes?.afterUpdate(network);
      this.probes?.countAnswers("confusion", network, batch);
      this.steps++;
      lossSum += batch * loss;
      correct += network.correct;
      this.#work += network.batchOverhead + 3 * batch * this.#bucket.network.layout.size;
      if (this.#work >= WORK_BETWEEN_YIELDS) yield this.#takeWork();
    }
    this.signals.loss![this.epochs] = lossSum / rows;
    this.signals.accuracy![this.epochs] = correct / rows;
  }

  /** Whether anybody reads what the network does with a part after this epoch; any may be the last. */
  #isRead(part: "training" | "test"): boolean {
    const { epochs, evaluates } = this.#bucket;
    const read = evaluates?.[part] ?? epochs;
    return this.epochs >= epochs - read || this.#callbacks.areThere;
  }

  *#validate(network: TrainableNetwork): Generator<number, void> {
    const { loss, accuracy } = this.#isRead("test")
      ? yield* this.#evaluate(network, this.#dataset.test.rows, (first, rows) => {
          network.evaluateTest(first, rows);
          this.probes?.countAnswers("valConfusion", network, rows);
        })
      : UNMEASURED;
    this.signals.valLoss![this.epochs] = loss;
    this.signals.valAccuracy![this.epochs] = accuracy;
  }

  /** The training part in inference mode. */
  #infer(network: TrainableNetwork): Generator<number, Evaluation> {
    return this.#evaluate(network, this.#dataset.train.rows, (first, rows) =>
      network.evaluateTraining(first, rows, "inference"),
    );
  }

  *#evaluate(
    network: TrainableNetwork,
    rows: number,
    evaluateRows: (first: number, rows: number) => void,
  ): Generator<number, Evaluation> {
    const { inferenceBatchSize } = network;
    let lossSum = 0;
    let correct = 0;
    for (let first = 0; first < rows; first += inferenceBatchSize) {
      const batch = Math.min(inferenceBatchSize, rows - first);
      evaluateRows(first, batch);
      lossSum += batch * network.loss;
      correct += network.correct;
      this.#work += network.batchOverhead + batch * this.#bucket.network.layout.size;
      if (this.#work >= WORK_BETWEEN_YIELDS) yield this.#takeWork();
    }
    return { loss: lossSum / rows, accuracy: correct / rows };
  }

  #takeWork(): number {
    const work = this.#work;
    this.#work = 0;
    return work;
  }
}

/** So many multiplications are worth the way to the caller and back, which costs a few hundred. */
const WORK_BETWEEN_YIELDS = 1e6;

/** Means over the rows of a part. */
interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
}

const UNMEASURED: Evaluation = { loss: Number.NaN, accuracy: Number.NaN };
