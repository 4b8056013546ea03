// The recorded training steps of test-fixtures, narrow and wide, and how far an engine is from them.

import { type Engine, parseTrainingSteps, type RecordedCase } from "@convergence-lab/core";
import narrow from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import wide from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};

/** Outputs above Keras's upper bound, 1 - 1e-7, which in float32 is 1 - 1.2e-7: another loss. */
const CLIPPED = "binaryCrossentropy-relu-clipped";

export const recordedCases: readonly RecordedCase[] = [narrow, wide]
  .flatMap(parseTrainingSteps)
  .filter(({ name }) => name !== CLIPPED);

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
  { replay, expected }: RecordedCase,
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
