// The training that a self-check repeats, and what core's reference says of it.

import {
  compile,
  type Dataset,
  type Engine,
  type EpochSignal,
  loadDatasets,
  type Plan,
  parseSpec,
  uniformAt,
} from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";

export interface KnownTraining {
  readonly plan: Plan;
  readonly datasets: readonly Dataset[];
  /** Of each network. */
  readonly steps: number;
}

/** Of an epoch: 28 training rows in batches of 8. */
const BATCHES = 4;

/** 40 rows of 6 features, labelled by a plane: learnable, with a test part and a short last batch. */
export function knownTraining(epochs: number): KnownTraining {
  const rows = Array.from({ length: 40 }, (_, row) =>
    Array.from({ length: 6 }, (_, column) => uniformAt(1, 0, 6 * row + column) - 0.5),
  );
  const spec = parseSpec({
    name: "self-check",
    data: {
      source: {
        kind: "inline",
        rows,
        labels: rows.map(([a, b, c]) => (a + 2 * b - c > 0 ? 1 : 0)),
      },
      split: { testSize: 0.3 },
    },
    model: {
      layers: [
        { units: 10, activation: "tanh" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", optimizer: "adam", epochs, batchSize: 8 },
    seeds: { training: 2 },
  });
  const datasets = loadDatasets(spec);
  return {
    plan: compile(spec, datasets),
    datasets: [...datasets.values()],
    steps: BATCHES * epochs,
  };
}

export function referenceCurves(plan: Plan, datasets: readonly Dataset[]): Promise<number[]> {
  const reference = createReferenceEngine({ precision: "float64", reason: "self-check" });
  return curvesOf(reference, plan, datasets);
}

/** Loss and validation loss of every epoch, run after run. */
export async function curvesOf(
  engine: Engine,
  plan: Plan,
  datasets: readonly Dataset[],
): Promise<number[]> {
  const columns: number[][] = plan.runs.map(() => []);
  for await (const event of engine.train(plan, datasets)) {
    if (event.kind !== "epochs") continue;
    const column = (name: EpochSignal) => event.signals[name]!;
    column("loss").forEach((loss, e) => {
      columns[event.run].push(loss, column("valLoss")[e]);
    });
  }
  return columns.flat();
}
