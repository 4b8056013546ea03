// The SIMD engine's network in a run: the data lies in linear memory beside it, and batches are
// gathered by kernels.

import type { Bucket, Run } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { PERMUTATION_ROUNDS, permutationKeys } from "../../shared/random.ts";
import type { Pass } from "../reference/stage.ts";
import { type TrainableNetwork, TrainingRun } from "../training-run.ts";
import { Arena } from "./arena.ts";
import { borrowKernels, type Kernels, returnKernels } from "./kernels.ts";
import { roundUp } from "./padding.ts";
import { SimdNetwork } from "./simd-network.ts";

export function simdRun(bucket: Bucket, run: Run, dataset: Dataset): TrainingRun {
  return new TrainingRun(bucket, run, dataset, (parameters) => {
    const kernels = borrowKernels();
    try {
      const network = new PlacedNetwork(kernels, new Arena(kernels.memory), bucket, run, dataset);
      network.parameters.write(parameters);
      return { network, close: () => returnKernels(kernels) };
    } catch (error) {
      returnKernels(kernels);
      throw error;
    }
  });
}

class PlacedNetwork extends SimdNetwork implements TrainableNetwork {
  readonly batchOverhead: number;

  readonly #kernels: Kernels;
  readonly #train: PlacedPart;
  readonly #test: PlacedPart;
  readonly #order: BatchOrder;

  constructor(kernels: Kernels, arena: Arena, bucket: Bucket, run: Run, dataset: Dataset) {
    const { network, batchSize } = bucket;
    const { hyper, trainingSeed } = run;
    super(kernels, arena, { network, hyper, trainingSeed }, batchSize);
    this.batchOverhead = LAYER_OVERHEAD * network.layers.length;
    this.#kernels = kernels;
    this.#train = placePart(arena, dataset.train, 4 * network.inputs);
    this.#test = placePart(arena, dataset.test, this.inputBytes);
    this.#order = new BatchOrder(kernels, arena, bucket, run, dataset.train.rows);
  }

  get inferenceBatchSize(): number {
    return this.capacity;
  }

  startEpoch(epoch: number): void {
    this.#order.start(epoch);
  }

  evaluateTraining(first: number, rows: number, mode: Pass["mode"]): void {
    const { x, y, sampleWeight, rowBytes } = this.#train;
    const indices = this.#order.indices(first);
    this.#kernels.gatherRows(x, rowBytes / 4, indices, rows, this.inputs, this.inputBytes);
    this.#kernels.gatherLabels(y, indices, rows, this.labels);
    if (sampleWeight !== 0) {
      this.#kernels.gatherLabels(sampleWeight, indices, rows, this.sampleWeight);
    }
    this.evaluate(rows, this.inputs, this.labels, mode);
  }

  evaluateTest(first: number, rows: number): void {
    const { x, y, sampleWeight, rowBytes } = this.#test;
    const weights = sampleWeight + 4 * first;
    this.evaluate(rows, x + first * rowBytes, y + 4 * first, "inference", weights);
  }

  readParameters(): Float32Array {
    return this.parameters.read();
  }
}

/**
 * What a layer's kernel calls cost, in multiplications: about 0.7 us a step, of a core that does
 * 1.6e10 multiplications a second.
 */
const LAYER_OVERHEAD = 1e4;

/** A part of a dataset in linear memory; x is (rows, columns), its rows `rowBytes` apart. */
interface PlacedPart {
  readonly rows: number;
  readonly x: number;
  readonly rowBytes: number;
  readonly y: number;
  /** 0 where no sample has a weight. */
  readonly sampleWeight: number;
}

/** Tiles of 4 rows and vectors of 4 numbers read behind the last row; that room is 0. */
function placePart(arena: Arena, part: Part, rowBytes: number): PlacedPart {
  const { rows, x, y, sampleWeight } = part;
  const columns = rows === 0 ? 0 : x.length / rows;
  const placed = {
    rows,
    x: arena.allocate((roundUp(rows) * rowBytes) / 4 + 4),
    rowBytes,
    y: arena.allocate(roundUp(rows) + 4),
    sampleWeight: sampleWeight ? arena.allocate(roundUp(rows) + 4) : 0,
  };
  const values = arena.floats(placed.x, (rows * rowBytes) / 4);
  for (let row = 0; row < rows; row++) {
    values.set(x.subarray(row * columns, (row + 1) * columns), (row * rowBytes) / 4);
  }
  arena.floats(placed.y, y.length).set(y);
  if (sampleWeight) arena.floats(placed.sampleWeight, rows).set(sampleWeight);
  return placed;
}

/** Which rows of the training part make a batch: the order of an epoch lies in linear memory. */
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
    this.#indices = arena.allocate(roundUp(rows) + 4);
    arena.words(this.#indices, rows).forEach((_, i, indices) => {
      indices[i] = i;
    });
  }

  start(epoch: number): void {
    if (!this.#bucket.shuffle) return;
    const keys = this.#arena.words(this.#keys, 2 * PERMUTATION_ROUNDS);
    permutationKeys(this.#seed, epoch, this.#rows, keys);
    this.#kernels.permutedIndices(this.#keys, 0, this.#rows, this.#rows, this.#indices);
  }

  /** The address of the row numbers of the batch that begins at position `first`. */
  indices(first: number): number {
    return this.#indices + 4 * first;
  }
}
