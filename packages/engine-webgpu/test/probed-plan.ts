// Small plans that ask for probes, and what an engine tells of them.

import {
  compile,
  type Dataset,
  type Engine,
  loadDatasets,
  type Plan,
  parseSpec,
  type Spec,
  type SpecInput,
  TraceRecorder,
  type TraceRun,
} from "@convergence-lab/core";

export interface ProbedSetting {
  readonly layers: SpecInput["model"]["layers"];
  readonly train?: Partial<SpecInput["train"]>;
  readonly probes?: SpecInput["probes"] | null;
  readonly classes?: number;
  /** Of a sample that is no row of three features. */
  readonly inputShape?: number[];
  readonly seeds?: number;
}

export interface ProbedPlan {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly datasets: readonly Dataset[];
}

const ROWS = 22;
const TEST_ROWS = 6;

/** 22 rows in batches of 8, so that the last one is short, and 6 to test on. */
export function probedPlan(setting: ProbedSetting): ProbedPlan {
  const { layers, train, probes = { signals: "all", everySteps: 2 }, classes = 2 } = setting;
  const { inputShape } = setting;
  const inputs = inputShape?.reduce((size, extent) => size * extent) ?? 3;
  const rows = ROWS + TEST_ROWS;
  const spec = parseSpec({
    name: "probed",
    data: {
      source: {
        kind: "numpy",
        features: { randn: [rows, inputs] },
        labels: { randint: { low: 0, high: classes, size: rows } },
      },
      split: { testSize: TEST_ROWS / rows },
    },
    model: { layers, ...(inputShape && { inputShape }) },
    train: {
      loss: "binaryCrossentropy",
      optimizer: "sgd",
      learningRate: 0.1,
      epochs: 3,
      batchSize: 8,
      ...train,
    },
    seeds: { training: setting.seeds ?? 2 },
    ...(probes === null ? {} : { probes }),
  });
  const datasets = loadDatasets(spec);
  return { spec, plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

export async function tracedRuns(
  { spec, plan, datasets }: ProbedPlan,
  engine: Engine,
): Promise<readonly TraceRun[]> {
  const recorder = new TraceRecorder(spec, plan, datasets, engine.info);
  for await (const event of engine.train(plan, datasets)) recorder.add(event);
  return recorder.finish().runs;
}

/** Blocks of every make: activations own and behind, passed by the loss or not, penalties, copies. */
export const PROBED_NETWORKS: Readonly<Record<string, ProbedSetting>> = {
  "relu and a sigmoid that the loss passes by": {
    layers: [
      { units: 6, activation: "relu", kernelRegularizer: { l2: 0.05 } },
      { units: 1, activation: "sigmoid" },
    ],
  },
  "a normalized block whose activation stands behind": {
    layers: [
      { units: 5 },
      { type: "batchNormalization" },
      { type: "activation", activation: "tanh" },
      { type: "dropout", rate: 0.3 },
      { units: 1 },
      { type: "activation", activation: "sigmoid" },
    ],
    train: { optimizer: { name: "sgd", momentum: 0.9 } },
  },
  "softmax over three classes": {
    layers: [
      { type: "batchNormalization" },
      { units: 6, activation: "elu", useBias: false },
      { units: 3, activation: "softmax" },
    ],
    train: {
      loss: "sparseCategoricalCrossentropy",
      optimizer: { name: "sgd", clipNorm: 0.01 },
      classWeight: { "0": 2 },
      reduceOnPlateau: { monitor: "valLoss", patience: 1, minDelta: 100, factor: 0.5 },
    },
    classes: 3,
  },
  "an activity penalty on the head, prelu, softsign and layers that repeat": {
    layers: [
      { units: 5, activation: "prelu" },
      { units: 4, activation: "softsign", kernelRegularizer: { l1: 0.01 } },
      { units: 4, activation: "mish" },
      { units: 4, activation: "mish" },
      { units: 1, activation: "sigmoid", activityRegularizer: { l2: 0.01 } },
    ],
    train: {
      learningRate: { schedule: "exponential", initial: 0.1, decaySteps: 2, decayRate: 0.5 },
    },
  },
  "copies, dead units and no activation at the end": {
    layers: [
      { units: 130, activation: "gelu" },
      {
        units: 9,
        kernelInitializer: "zeros",
        biasInitializer: { name: "constant", value: -1 },
        activation: "relu",
      },
      { units: 1, activation: "leakyReLU" },
    ],
    train: { loss: "meanSquaredError" },
  },
};
