// The recorded training steps of test-fixtures as replays, and how far an engine is from them.

import {
  compile,
  type Engine,
  loadDatasets,
  parseSpec,
  type Replay,
  type ReplayStep,
  type SpecInput,
} from "@convergence-lab/core";
import recorded from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};

type RecordedCase = (typeof recorded.cases)[number];

export const recordedCases = recorded.cases.map((recordedCase) => ({
  name: recordedCase.name,
  replay: replayOf(recordedCase),
  expected: expectedSteps(recordedCase),
}));

export const QUANTITIES = [
  "dataLoss",
  "regularizationLoss",
  "logits",
  "gradients",
  "parametersAfter",
] as const;

/** The largest difference of each quantity over all steps, relative to its largest number. */
export async function replayErrors(
  engine: Engine,
  { replay, expected }: (typeof recordedCases)[number],
): Promise<Record<(typeof QUANTITIES)[number], number>> {
  const actual = await engine.replay(replay);
  if (actual.length !== expected.length) throw new Error(`${actual.length} steps came back`);
  const errors = QUANTITIES.map((quantity) => [
    quantity,
    Math.max(...actual.map((step, i) => relativeError(step[quantity], expected[i][quantity]))),
  ]);
  return Object.fromEntries(errors);
}

function relativeError(actual: Values, expected: Values): number {
  const [a, e] = [actual, expected].map((v) => (typeof v === "number" ? [v] : Array.from(v)));
  if (a.length !== e.length) throw new Error(`${a.length} numbers instead of ${e.length}`);
  const largest = e.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Math.max(...a.map((value, i) => (value === e[i] ? 0 : Math.abs(value - e[i]) / largest)));
}

type Values = number | ArrayLike<number>;

function replayOf(recordedCase: RecordedCase): Replay {
  const { layers, kernelRegularizer, loss, optimizer, batch, inputs, steps } = recordedCase;
  const { name, learningRate, ...settings } = optimizer;
  const classes = Math.max(2, layers[layers.length - 1].units);
  const spec = parseSpec({
    name: "recorded",
    // Only the shape of the data matters: a replay brings its own batch.
    data: {
      source: {
        kind: "inline",
        rows: Array.from({ length: classes }, () => Array(inputs).fill(0)),
        labels: Array.from({ length: classes }, (_, i) => i),
      },
    },
    model: { layers: layers.map((layer) => ({ ...layer, kernelRegularizer })) },
    train: { loss, optimizer: { name, ...settings }, learningRate, epochs: 1, batchSize: batch },
    seeds: { training: 1 },
  } as SpecInput);
  const plan = compile(spec, loadDatasets(spec));
  return {
    network: plan.buckets[0].network,
    hyper: plan.runs[0].hyper,
    batch,
    x: Float64Array.from(recordedCase.X),
    y: Float64Array.from(recordedCase.y),
    parameters: Float64Array.from(recordedCase.initialParams.flatMap((tensor) => tensor.values)),
    steps: steps.length,
  };
}

function expectedSteps({ steps }: RecordedCase): ReplayStep[] {
  return steps.map((step) => ({
    dataLoss: step.dataLoss,
    regularizationLoss: step.regularizationLoss,
    logits: Float64Array.from(step.logits),
    gradients: Float64Array.from(step.gradients.flat()),
    parametersAfter: Float64Array.from(step.paramsAfter.flat()),
  }));
}
