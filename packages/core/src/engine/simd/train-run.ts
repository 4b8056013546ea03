// Trains one run of a plan from its initial weights to its end, epoch by epoch, in linear memory.
// It knows nothing of events and of other runs; whoever drives the generator decides when to pause.

import type { Bucket, Run } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { PERMUTATION_ROUNDS, permutationKeys } from "../../shared/random.ts";
import type { EpochSignal, FinishedEvent } from "../../trace/trace-event.ts";
import { EarlyStopping } from "../early-stopping.ts";
import { initialParameters } from "../initial-parameters.ts";
import { ReduceOnPlateau } from "../reduce-on-plateau.ts";
import { Arena } from "./arena.ts";
import { borrowKernels, type Kernels, returnKernels } from "./kernels.ts";
import { roundUp } from "./padding.ts";
import { SimdNetwork } from "./simd-network.ts";

export class SimdTrainingRun {
  /** Epochs that are finished, with one value of every signal each. */
  epochs = 0;
  readonly signals: Partial<Record<EpochSignal, Float32Array>>;
  /** Optimizer steps taken. */
  steps = 0;
  status: FinishedEvent["status"] = "complete";
  /** Flat in the order of `network.layout`; those of the start until `train` has ended. */
  parameters: Float32Array;

  readonly #bucket: Bucket;
  readonly #run: Run;
  readonly #dataset: Dataset;
  /** Null where the plan asks for none; so with those below. */
  readonly #plateau: ReduceOnPlateau | null;
  readonly #earlyStopping: EarlyStopping | null;
  /** The parameters of the best epoch, to be restored at the end. */
  #best: Float32Array | null = null;

  constructor(bucket: Bucket, run: Run, dataset: Dataset) {
    const { network, epochs } = bucket;
    const { earlyStopping, reduceOnPlateau } = run.hyper;
    this.#plateau = reduceOnPlateau ? new ReduceOnPlateau(reduceOnPlateau) : null;
    this.#earlyStopping = earlyStopping ? new EarlyStopping(earlyStopping) : null;
    this.parameters = initialParameters(network, run.trainingSeed, run.hyper);
    this.#bucket = bucket;
    this.#run = run;
    this.#dataset = dataset;
    this.signals = { loss: new Float32Array(epochs), accuracy: new Float32Array(epochs) };
    if (dataset.test.rows > 0) {
      this.signals.valLoss = new Float32Array(epochs);
      this.signals.valAccuracy = new Float32Array(epochs);
    }
  }

  /** Trains to the end; yields after every batch with the multiplications it took, about. */
  *train(): Generator<number, void> {
    const kernels = borrowKernels();
    try {
      yield* this.#epochs(kernels);
    } finally {
      returnKernels(kernels);
    }
  }

  *#epochs(kernels: Kernels): Generator<number, void> {
    const { network, batchSize, epochs } = this.#bucket;
    const arena = new Arena(kernels.memory);
    const { hyper, trainingSeed } = this.#run;
    const net = new SimdNetwork(kernels, arena, { network, hyper, trainingSeed }, batchSize);
    const train = placePart(arena, this.#dataset.train, 4 * network.inputs);
    const test = placePart(arena, this.#dataset.test, net.inputBytes);
    const order = new BatchOrder(kernels, arena, this.#bucket, this.#run, train.rows);
    net.parameters.write(this.parameters);
    while (this.epochs < epochs) {
      order.start(this.epochs);
      yield* this.#trainEpoch(kernels, net, train, order);
      if (this.status === "diverged") break;
      if (test.rows > 0) yield* this.#validate(net, test);
      this.epochs++;
      this.#endEpoch(net);
      if (this.#earlyStopping?.stops) break;
    }
    const isDiverged = this.status === "diverged";
    this.parameters = (isDiverged ? null : this.#best) ?? net.parameters.read();
  }

  /** The callbacks in Keras's order. One whose signal is not measured does nothing. */
  #endEpoch(net: SimdNetwork): void {
    const forPlateau = this.#value("reduceOnPlateau");
    if (this.#plateau !== null && forPlateau !== undefined) {
      this.#plateau.see(forPlateau, net.plannedLearningRate);
      net.rateFactor = this.#plateau.factor;
    }
    const forStopping = this.#value("earlyStopping");
    if (this.#earlyStopping !== null && forStopping !== undefined) {
      this.#earlyStopping.see(forStopping);
      const { restoreBest } = this.#run.hyper.earlyStopping!;
      if (restoreBest && this.#earlyStopping.isBest) this.#best = net.parameters.read();
    }
  }

  /** What a callback monitors, at the end of the epoch just finished. */
  #value(callback: "earlyStopping" | "reduceOnPlateau"): number | undefined {
    const monitor = this.#run.hyper[callback]?.monitor;
    return monitor && this.signals[monitor]?.[this.epochs - 1];
  }

  /** Loss and accuracy are means over the rows as they were met, before each update. */
  *#trainEpoch(
    kernels: Kernels,
    net: SimdNetwork,
    part: PlacedPart,
    order: BatchOrder,
  ): Generator<number, void> {
    const { batchSize, network } = this.#bucket;
    let lossSum = 0;
    let correct = 0;
    for (let first = 0; first < part.rows; first += batchSize) {
      const rows = Math.min(batchSize, part.rows - first);
      const indices = order.indices(first, rows);
      kernels.gatherRows(part.x, network.inputs, indices, rows, net.inputs, net.inputBytes);
      kernels.gatherLabels(part.y, indices, rows, net.labels);
      net.evaluate(rows, net.inputs, net.labels, "training");
      const { loss } = net;
      if (!Number.isFinite(loss)) {
        this.status = "diverged";
        return;
      }
      net.backward(rows);
      net.update();
      this.steps++;
      lossSum += rows * loss;
      correct += net.correct;
      yield 3 * rows * network.layout.size;
    }
    this.signals.loss![this.epochs] = lossSum / part.rows;
    this.signals.accuracy![this.epochs] = correct / part.rows;
  }

  *#validate(net: SimdNetwork, part: PlacedPart): Generator<number, void> {
    const { layout } = this.#bucket.network;
    let lossSum = 0;
    let correct = 0;
    for (let first = 0; first < part.rows; first += net.capacity) {
      const rows = Math.min(net.capacity, part.rows - first);
      net.evaluate(rows, part.x + first * part.rowBytes, part.y + 4 * first, "inference");
      lossSum += rows * net.loss;
      correct += net.correct;
      yield rows * layout.size;
    }
    this.signals.valLoss![this.epochs] = lossSum / part.rows;
    this.signals.valAccuracy![this.epochs] = correct / part.rows;
  }
}

/** A part of a dataset in linear memory: the labels, and x (rows, columns), `rowBytes` apart. */
interface PlacedPart {
  readonly rows: number;
  readonly x: number;
  readonly rowBytes: number;
  readonly y: number;
}

/** Tiles of 4 rows and vectors of 4 numbers read behind the last row; that room is 0. */
function placePart(arena: Arena, { rows, x, y }: Part, rowBytes: number): PlacedPart {
  const columns = rows === 0 ? 0 : x.length / rows;
  const placed = {
    rows,
    x: arena.allocate((roundUp(rows) * rowBytes) / 4 + 4),
    rowBytes,
    y: arena.allocate(roundUp(rows) + 4),
  };
  const values = arena.floats(placed.x, (rows * rowBytes) / 4);
  for (let row = 0; row < rows; row++) {
    values.set(x.subarray(row * columns, (row + 1) * columns), (row * rowBytes) / 4);
  }
  arena.floats(placed.y, y.length).set(y);
  return placed;
}

/** Which rows of the training part make a batch. */
class BatchOrder {
  readonly #kernels: Kernels;
  readonly #arena: Arena;
  readonly #bucket: Bucket;
  readonly #seed: number;
  readonly #rows: number;
  readonly #keys: number;
  readonly #indices: number;

  constructor(kernels: Kernels, arena: Arena, bucket: Bucket, run: Run, rows: number) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#bucket = bucket;
    this.#seed = run.trainingSeed;
    this.#rows = rows;
    this.#keys = arena.allocate(2 * PERMUTATION_ROUNDS);
    if (bucket.shuffle) {
      this.#indices = arena.allocate(roundUp(bucket.batchSize));
    } else {
      this.#indices = arena.allocate(rows);
      arena.words(this.#indices, rows).forEach((_, i, indices) => {
        indices[i] = i;
      });
    }
  }

  start(epoch: number): void {
    if (!this.#bucket.shuffle) return;
    const keys = this.#arena.words(this.#keys, 2 * PERMUTATION_ROUNDS);
    permutationKeys(this.#seed, epoch, this.#rows, keys);
  }

  /** The address of the row numbers of the batch that begins at position `first`. */
  indices(first: number, rows: number): number {
    if (!this.#bucket.shuffle) return this.#indices + 4 * first;
    this.#kernels.permutedIndices(this.#keys, first, rows, this.#rows, this.#indices);
    return this.#indices;
  }
}
