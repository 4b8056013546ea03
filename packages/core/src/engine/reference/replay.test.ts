import recorded from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../test/compile-network.ts";
import type { SpecInput } from "../../spec/spec.ts";
import type { Replay, ReplayStep } from "../engine.ts";
import { createReferenceEngine } from "./index.ts";

type RecordedCase = (typeof recorded.cases)[number];

function replayOf(recordedCase: RecordedCase): Replay {
  const { layers, kernelRegularizer, loss, optimizer, batch, inputs, steps } = recordedCase;
  const { learningRate, ...settings } = optimizer;
  const written = {
    model: { layers: layers.map((layer) => ({ ...layer, kernelRegularizer })) },
    train: { loss, optimizer: settings, learningRate, epochs: 1, batchSize: batch },
  } as Pick<SpecInput, "model" | "train">;
  return {
    ...compileNetwork({ ...written, inputs }),
    batch,
    x: Float64Array.from(recordedCase.X),
    y: Float64Array.from(recordedCase.y),
    parameters: Float64Array.from(recordedCase.initialParams.flatMap((tensor) => tensor.values)),
    steps: steps.length,
  };
}

/** The recorded numbers in the form of a replay. */
function expectedSteps({ steps }: RecordedCase): ReplayStep[] {
  return steps.map((step) => ({
    dataLoss: step.dataLoss,
    regularizationLoss: step.regularizationLoss,
    logits: Float64Array.from(step.logits),
    gradients: Float64Array.from(step.gradients.flat()),
    parametersAfter: Float64Array.from(step.paramsAfter.flat()),
  }));
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

  describe.each(recorded.cases.map((c) => [c.name, c] as const))("%s", (_name, recordedCase) => {
    test.each(QUANTITIES)("%s", async (quantity) => {
      const actual = await engine.replay(replayOf(recordedCase));
      const expected = expectedSteps(recordedCase);
      expect(actual.length).toBe(expected.length);
      const errors = actual.map((s, i) =>
        worstError(s[quantity], expected[i][quantity], relativeTo),
      );
      expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance);
    });
  });
});
