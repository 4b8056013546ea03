// A small population and what an engine says of it, for tests that compare engines.

import {
  compile,
  type Dataset,
  type Engine,
  loadDatasets,
  type Plan,
  parseSpec,
  type SpecInput,
  type TraceEvent,
} from "@convergence-lab/core";

/** Two hidden layers on 2 classes; 30 training rows in batches of 8, so that the last has 6. */
export function populationCase(changes: Partial<SpecInput> = {}): [Plan, Dataset[]] {
  const spec = parseSpec({
    name: "population",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [40, 3] },
        labels: { randint: { low: 0, high: 2, size: 40 } },
      },
      split: { testSize: 0.25 },
      preprocess: ["standardize"],
    },
    model: {
      layers: [
        { units: 6, activation: "relu", kernelRegularizer: { l2: 0.01 } },
        { units: 4, activation: "tanh" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", learningRate: 0.02, epochs: 6, batchSize: 8 },
    seeds: { training: 3 },
    ...changes,
  });
  const datasets = loadDatasets(spec);
  return [compile(spec, datasets), [...datasets.values()]];
}

export async function eventsOf(
  engine: Engine,
  plan: Plan,
  datasets: readonly Dataset[],
): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for await (const event of engine.train(plan, datasets)) events.push(event);
  return events;
}

export function finishedOf(events: readonly TraceEvent[]) {
  return events
    .filter((event) => event.kind === "finished")
    .sort((a, b) => a.run - b.run)
    .map(({ status, steps }) => ({ status, steps }));
}

/** Every signal of one run, its epochs joined; throws when they do not come in order. */
export function signalsOf(events: readonly TraceEvent[], run: number): Record<string, number[]> {
  const columns: Record<string, number[]> = {};
  for (const event of events) {
    if (event.kind !== "epochs" || event.run !== run) continue;
    for (const [name, values] of Object.entries(event.signals)) {
      columns[name] ??= [];
      if (columns[name].length !== event.firstEpoch) throw new Error(`${name} has a gap`);
      columns[name].push(...values);
    }
  }
  return columns;
}

/** The largest difference of any signal of any run, relative to the larger of 1 and the value. */
export function largestSignalError(
  plan: Plan,
  actual: readonly TraceEvent[],
  expected: readonly TraceEvent[],
): number {
  const errors = plan.runs.flatMap(({ index }) => {
    const signals = signalsOf(actual, index);
    return Object.entries(signalsOf(expected, index)).flatMap(([name, values]) => {
      if (signals[name]?.length !== values.length) throw new Error(`${name} of run ${index} ends`);
      return values.map((v, i) => Math.abs(signals[name][i] - v) / Math.max(1, Math.abs(v)));
    });
  });
  return Math.max(...errors);
}
