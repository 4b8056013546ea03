// A replay against the recorded numbers: the worst error of each quantity, and whether it is one
// that rounding can explain.

import type { ReplayStep } from "../engine/engine.ts";
import { type Precision, replayTolerances } from "./tolerance.ts";
import type { RecordedCase } from "./training-steps.ts";

export const REPLAY_QUANTITIES = [
  "dataLoss",
  "regularizationLoss",
  "logits",
  "gradients",
  "parametersAfter",
] as const;

export type ReplayQuantity = (typeof REPLAY_QUANTITIES)[number];

/** The number of a quantity that lies farthest out, in units of its tolerance. */
export interface WorstError {
  readonly quantity: ReplayQuantity;
  /** Optimizer step, from 0. */
  readonly step: number;
  /** Place in the flat quantity. */
  readonly index: number;
  readonly expected: number;
  readonly actual: number;
  /** |actual - expected|. */
  readonly error: number;
  readonly tolerance: number;
}

export interface Comparison {
  readonly name: string;
  /** One per quantity. */
  readonly worst: readonly WorstError[];
  readonly passed: boolean;
}

/**
 * @param precision What the engine computes in. In float64 every number is held to 1e-9 of itself:
 *   recordings are float64 too, and carry the rounding of another order of summation.
 */
export function compareReplay(
  recorded: RecordedCase,
  actual: readonly ReplayStep[],
  precision: Precision,
): Comparison {
  const tolerances = replayTolerances(recorded.replay, recorded.expected, precision);
  const worst = REPLAY_QUANTITIES.map((quantity) => {
    const candidates = recorded.expected.flatMap((expectedStep, step): WorstError[] => {
      const expected = asArray(expectedStep[quantity]);
      const found = actual[step] === undefined ? [] : asArray(actual[step][quantity]);
      const allowed = tolerances[step][quantity];
      return Array.from(expected, (value, index) => {
        const number = found[index] ?? Number.NaN;
        const tolerance =
          precision === "float64"
            ? 1e-9 * Math.abs(value)
            : typeof allowed === "number"
              ? allowed
              : allowed[index];
        return {
          quantity,
          step,
          index,
          expected: value,
          actual: number,
          error: distance(value, number),
          tolerance,
        };
      });
    });
    return candidates.reduce((a, b) => (excess(b) > excess(a) ? b : a));
  });
  return { name: recorded.name, worst, passed: worst.every((error) => excess(error) <= 1) };
}

/** Error in units of the tolerance; NaN where a number was expected is infinitely far. */
function excess({ error, tolerance }: WorstError): number {
  return error === 0 ? 0 : error / tolerance;
}

/** NaN is met by NaN only. */
function distance(expected: number, actual: number): number {
  if (Object.is(expected, actual) || expected === actual) return 0;
  const error = Math.abs(expected - actual);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

function asArray(value: number | Float32Array | Float64Array): ArrayLike<number> {
  return typeof value === "number" ? [value] : value;
}
