// Plans for tests: a spec's few words, its plan and datasets, and what training them gave.

import {
  compile,
  type Dataset,
  type Engine,
  type EpochSignal,
  loadDatasets,
  type Plan,
  parseSpec,
  type SpecInput,
  type TrainOptions,
} from "@convergence-lab/core";

export interface SmallPlan {
  readonly rows?: number;
  readonly inputs?: number;
  readonly classes?: number;
  readonly testSize?: number | null;
  readonly layers?: SpecInput["model"]["layers"];
  readonly train?: Partial<SpecInput["train"]>;
  readonly seeds?: SpecInput["seeds"];
}

/** A network 3-5-1 on 15 training and 5 test rows in batches of 4, so that both end with a short one. */
export function smallPlan(options: SmallPlan = {}): [Plan, Dataset[]] {
  const { rows = 20, inputs = 3, classes = 2, testSize = 0.25, layers, train, seeds } = options;
  const spec = parseSpec({
    name: "small",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [rows, inputs] },
        labels: { randint: { low: 0, high: classes, size: rows } },
      },
      ...(testSize === null ? {} : { split: { testSize } }),
    },
    model: {
      layers: layers ?? [
        { units: 5, activation: "tanh" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: {
      loss: "binaryCrossentropy",
      learningRate: 0.05,
      epochs: 6,
      batchSize: 4,
      ...train,
    },
    seeds: seeds ?? { training: 3 },
  });
  const datasets = loadDatasets(spec);
  return [compile(spec, datasets), [...datasets.values()]];
}

export interface TrainedRun {
  readonly signals: Partial<Record<EpochSignal, number[]>>;
  status?: string;
  steps?: number;
}

/** Signals and ends by run; checks that the epochs of a run come in order. */
export async function trained(
  engine: Engine,
  [plan, datasets]: [Plan, Dataset[]],
  options?: TrainOptions,
): Promise<TrainedRun[]> {
  const runs = plan.runs.map((): TrainedRun => ({ signals: {} }));
  for await (const event of engine.train(plan, datasets, options)) {
    if (event.kind === "finished") {
      runs[event.run].status = event.status;
      runs[event.run].steps = event.steps;
    }
    if (event.kind !== "epochs") continue;
    for (const [name, values] of Object.entries(event.signals) as [EpochSignal, Float32Array][]) {
      const column = runs[event.run].signals[name] ?? [];
      runs[event.run].signals[name] = column;
      if (column.length !== event.firstEpoch) throw new Error(`epochs of ${name} out of order`);
      column.push(...values);
    }
  }
  return runs;
}
