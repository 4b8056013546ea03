// The batches of a population: every network draws the rows of its own dataset in the order of its
// own seed, the same rows in the same order as every other engine. Batches are put together on the
// host: tfjs-wasm gathers 164,000 numbers in 15 ms on the machine this was written on, a plain loop
// in well under one.

import { type Dataset, type Part, permutationKeys, permutedIndex } from "@convergence-lab/core";
import { dispose, type Tensor, tensor2d, tensor3d } from "@tensorflow/tfjs-core";

export interface Batch {
  /** (models, batch, inputs) */
  readonly inputs: Tensor;
  /** (models, batch) */
  readonly labels: Tensor;
  /** (models, batch): what each sample's loss counts; null where each counts 1. */
  readonly weights: Tensor | null;
}

/** What a batch needs to know of a network; all networks have parts of the same length. */
export interface BatchSource {
  readonly trainingSeed: number;
  readonly dataset: Dataset;
  /** One per class, of the training loss; absent: all 1. */
  readonly classWeight?: readonly number[] | undefined;
}

/** One epoch's training rows: shuffled by (seed, epoch), or as they stand. */
export function trainingBatches(
  sources: readonly BatchSource[],
  batchSize: number,
  epoch: number | null,
): Iterable<Batch> {
  const parts = sources.map(({ dataset }) => dataset.train);
  const weights = sources.map(({ classWeight }) => classWeight);
  if (epoch === null) return batchesOf(parts, batchSize, null, weights);
  const orders = new Map<number, Uint32Array>();
  for (const { trainingSeed } of sources) {
    if (!orders.has(trainingSeed)) {
      orders.set(trainingSeed, epochOrder(trainingSeed, epoch, parts[0].rows));
    }
  }
  return batchesOf(
    parts,
    batchSize,
    sources.map(({ trainingSeed }) => orders.get(trainingSeed)!),
    weights,
  );
}

/** The test rows as they stand. */
export function testBatches(sources: readonly BatchSource[], batchSize: number): Iterable<Batch> {
  return batchesOf(
    sources.map(({ dataset }) => dataset.test),
    batchSize,
    null,
    [],
  );
}

function* batchesOf(
  parts: readonly Part[],
  batchSize: number,
  orders: readonly Uint32Array[] | null,
  classWeights: readonly (readonly number[] | undefined)[],
): Generator<Batch> {
  const { rows } = parts[0];
  const columns = parts[0].x.length / rows;
  for (let first = 0; first < rows; first += batchSize) {
    const batch = Math.min(batchSize, rows - first);
    const x = new Float32Array(parts.length * batch * columns);
    const y = new Float32Array(parts.length * batch);
    const own = parts.some((part) => part.sampleWeight) ? new Float32Array(y.length).fill(1) : null;
    let place = 0;
    parts.forEach((part, model) => {
      const order = orders?.[model];
      for (let b = 0; b < batch; b++, place++) {
        const row = order === undefined ? first + b : order[first + b];
        const from = row * columns;
        for (let i = 0; i < columns; i++) x[place * columns + i] = part.x[from + i];
        y[place] = part.y[row];
        if (own !== null && part.sampleWeight) own[place] = part.sampleWeight[row];
      }
    });
    yield {
      inputs: tensor3d(x, [parts.length, batch, columns]),
      labels: tensor2d(y, [parts.length, batch]),
      weights: lossWeights(y, own, parts.length, classWeights),
    };
  }
}

/** What each sample's class weighs, times its own weight; null where every sample weighs 1. */
export function lossWeights(
  labels: Float32Array,
  own: Float32Array | null,
  models: number,
  classWeights: readonly (readonly number[] | undefined)[],
): Tensor | null {
  if (own === null && classWeights.every((weights) => weights === undefined)) return null;
  const batch = labels.length / models;
  const weights = labels.map((label, i) => {
    const ofClass = classWeights[Math.floor(i / batch)]?.[label] ?? 1;
    return own === null ? ofClass : ofClass * own[i];
  });
  return tensor2d(weights, [models, batch]);
}

/** Frees what a batch holds. */
export function disposeBatch({ inputs, labels, weights }: Batch): void {
  dispose(weights === null ? [inputs, labels] : [inputs, labels, weights]);
}

function epochOrder(seed: number, epoch: number, rows: number): Uint32Array {
  const keys = permutationKeys(seed, epoch, rows);
  return new Uint32Array(rows).map((_, i) => permutedIndex(keys, i, rows));
}
