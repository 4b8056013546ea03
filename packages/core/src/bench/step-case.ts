// The networks whose training steps are timed, as a plan that any engine trains.

import { compile, loadDatasets } from "../compile/compile.ts";
import type { Plan } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import {
  type BenchmarkOperation,
  type BenchmarkSettings,
  type OperationCounts,
  operationLabel,
} from "../engine/benchmark.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { stepCounts } from "./counts.ts";

/** From a few units to what fills a GPU's workgroup memory; issue 3 names these three. */
export const STEP_SHAPES = ["20-4-1", "20-64-32-1", "20-128-128-1"] as const;

/** Networks trained together. */
export const STEP_NETWORKS = { full: [1, 64, 1024], quick: [1, 64] } as const;

export const STEP_BATCH = 32;

/** Of data; training seeds are 0, 1, ... */
export const BENCHMARK_SEED = 42;

/** Full batches, so that every step costs the same; few, so that an epoch is soon compared. */
export const BATCHES_PER_EPOCH = 4;

export interface TrainingCase {
  /** "20-64-32-1": inputs and units. */
  readonly shape: string;
  readonly networks: number;
  readonly batch: number;
  readonly batchesPerEpoch: number;
  readonly epochs: number;
  readonly optimizer: "adam" | "sgd";
  readonly learningRate: number;
}

/**
 * Relu, then a sigmoid with binary cross-entropy, or with several outputs softmax with the
 * cross-entropy of classes, on random rows and labels.
 */
export function trainingCase(wanted: TrainingCase): { plan: Plan; datasets: readonly Dataset[] } {
  const { shape, networks, batch, batchesPerEpoch, epochs, optimizer, learningRate } = wanted;
  const [inputs, ...units] = shape.split("-").map(Number);
  const rows = batchesPerEpoch * batch;
  const outputs = units[units.length - 1];
  const spec = parseSpec({
    name: "benchmark",
    data: {
      source: {
        kind: "numpy",
        seed: BENCHMARK_SEED,
        features: { rand: [rows, inputs] },
        labels: { randint: { low: 0, high: Math.max(outputs, 2), size: rows } },
      },
    },
    model: {
      layers: units.map((count, l) => ({
        units: count,
        activation: l < units.length - 1 ? "relu" : outputs === 1 ? "sigmoid" : "softmax",
      })),
    },
    train: {
      loss: outputs === 1 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy",
      optimizer,
      learningRate,
      epochs,
      batchSize: batch,
    },
    seeds: { training: networks },
  });
  const table = loadDatasets(spec);
  return { plan: compile(spec, table), datasets: [...table.values()] };
}

/** A population whose training steps are timed: Adam, batch 32. */
export function stepCase(
  shape: string,
  networks: number,
  epochs: number,
): {
  plan: Plan;
  datasets: readonly Dataset[];
  counts: OperationCounts;
} {
  const made = trainingCase({
    shape,
    networks,
    batch: STEP_BATCH,
    batchesPerEpoch: BATCHES_PER_EPOCH,
    epochs,
    optimizer: "adam",
    learningRate: 0.001,
  });
  const [{ network }] = made.plan.buckets;
  return { ...made, counts: stepCounts(network, STEP_BATCH, networks, ADAM_SLOTS) };
}

const ADAM_SLOTS = 2;

/** Whether the settings ask for this operation. */
export function isWanted(operation: BenchmarkOperation, { only }: BenchmarkSettings): boolean {
  return only === null || operationLabel(operation).includes(only);
}
