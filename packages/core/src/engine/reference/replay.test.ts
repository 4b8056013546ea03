// The reference engine against training steps that others recorded: the narrow ones handed to the
// project, and those of write-training-steps-wide.py with every word of a spec.

import recorded from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import recordedWide from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../test/compile-network.ts";
import type { SpecInput } from "../../spec/spec.ts";
import type { Replay, ReplayStep } from "../engine.ts";
import { createReferenceEngine } from "./index.ts";
import { TrainStep } from "./train-step.ts";

interface Recording {
  readonly replay: Replay;
  readonly steps: readonly ReplayStep[];
}

const narrow = recorded.cases.map((c): [string, Recording] => {
  const { learningRate, ...optimizer } = c.optimizer;
  const { layers, kernelRegularizer, loss, batch, inputs } = c;
  const written = {
    model: { layers: layers.map((layer) => ({ ...layer, kernelRegularizer })) },
    train: { loss, optimizer, learningRate, epochs: 1, batchSize: batch },
  } as Pick<SpecInput, "model" | "train">;
  return [
    c.name,
    { replay: replayOf(c, compileNetwork({ ...written, inputs })), steps: stepsOf(c) },
  ];
});

const wide = recordedWide.cases.map((c): [string, Recording] => {
  const { model, train, inputs, classes, batch, trainingSeed } = c;
  const written = { model, train, inputs, classes, rows: batch } as Parameters<
    typeof compileNetwork
  >[0];
  const replay = { ...replayOf(c, compileNetwork(written)), trainingSeed };
  return [c.name, { replay, steps: stepsOf(c) }];
});

type RecordedCase = (typeof recorded.cases)[number] | (typeof recordedWide.cases)[number];

function replayOf(
  { batch, X, y, initialParams, steps }: RecordedCase,
  compiled: ReturnType<typeof compileNetwork>,
): Replay {
  return {
    ...compiled,
    batch,
    x: Float64Array.from(X),
    y: Float64Array.from(y),
    parameters: Float64Array.from(initialParams.flatMap((tensor) => tensor.values)),
    steps: steps.length,
  };
}

/** The recorded numbers in the form of a replay: moving statistics have the gradient 0. */
function stepsOf({ steps }: RecordedCase): ReplayStep[] {
  return steps.map((step) => {
    const parametersAfter = Float64Array.from(step.paramsAfter.flat());
    const gradients = new Float64Array(parametersAfter.length);
    gradients.set(step.gradients.flat());
    const { dataLoss, regularizationLoss } = step;
    const logits = Float64Array.from(step.logits);
    return { dataLoss, regularizationLoss, logits, gradients, parametersAfter };
  });
}

/** The largest difference, relative to each number or to the largest number of the quantity. */
function worstError(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  relativeTo: "each" | "largest",
): number {
  const [a, e] = [actual, expected].map((v) => (typeof v === "number" ? [v] : Array.from(v)));
  expect(a.length).toBe(e.length);
  const largest = e.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const errors = a.map((value, i) => {
    const scale = relativeTo === "each" ? Math.abs(e[i]) : largest;
    return value === e[i] ? 0 : Math.abs(value - e[i]) / scale;
  });
  return Math.max(...errors);
}

/** Outputs above Keras's upper bound, 1 - 1e-7, which in float32 is 1 - 1.2e-7: another loss. */
const CLIPPED = "binaryCrossentropy-relu-clipped";

const QUANTITIES = [
  "dataLoss",
  "regularizationLoss",
  "logits",
  "gradients",
  "parametersAfter",
] as const;

// In float64 every number holds by itself. In float32 a sum that cancels keeps the rounding of its
// terms, so numbers are held against the largest of their quantity: 8 roundings of it, of
// which these cases use little more than 4.
describe.each([
  { precision: "float64", tolerance: 1e-9, relativeTo: "each" },
  { precision: "float32", tolerance: 8 * 2 ** -24, relativeTo: "largest" },
] as const)("in $precision, within $tolerance of", ({ precision, tolerance, relativeTo }) => {
  const engine = createReferenceEngine({ precision, reason: "test" });
  const met = [...narrow, ...wide].filter(([name]) => precision === "float64" || name !== CLIPPED);

  describe.each(met)("%s", (_name, { replay, steps }) => {
    test.each(QUANTITIES)("%s", async (quantity) => {
      const actual = await engine.replay(replay);
      expect(actual.length).toBe(steps.length);
      const errors = actual.map((s, i) => worstError(s[quantity], steps[i][quantity], relativeTo));
      expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance);
    });
  });
});

test.each(recordedWide.cases.map((c, i) => [c.name, c.inference, wide[i][1]] as const))(
  "%s: in inference mode, after the last step",
  (_name, inference, { replay, steps }) => {
    const { network, hyper, trainingSeed = 0, batch, x, y } = replay;
    const { parametersAfter } = steps[steps.length - 1];
    const definition = { network, hyper, trainingSeed };
    const step = new TrainStep(definition, batch, parametersAfter, "float64");
    step.inputs.set(x);
    step.labels.set(y);
    step.evaluate(batch, "inference");
    for (const quantity of ["dataLoss", "regularizationLoss", "logits"] as const) {
      expect(worstError(step[quantity], inference[quantity], "each")).toBeLessThanOrEqual(1e-9);
    }
    expect(step.correct).toBe(inference.correct);
  },
);
