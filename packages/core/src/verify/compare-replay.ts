// A replay against the recorded numbers: the worst error of each quantity, and whether it is one
// that rounding can explain.

import type { ReplayStep } from "../engine/engine.ts";
import { errorPicture } from "./error-picture.ts";
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

/** One number of a replay beside the recorded one. */
export interface ComparedNumber {
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
  /** The error in units of its tolerance: above 1 rounding does not explain it. */
  readonly share: number;
}

export interface Comparison {
  readonly name: string;
  /** Of each quantity the number that lies farthest out, in units of its tolerance. */
  readonly worst: readonly ComparedNumber[];
  readonly passed: boolean;
  /**
   * What is out of tolerance, line under line: actual, marks, expected, tolerance, largest
   * difference. Empty where nothing is.
   */
  readonly picture: string;
}

/** @param precision What the engine computes in. */
export function compareReplay(
  recorded: RecordedCase,
  actual: readonly ReplayStep[],
  precision: Precision,
): Comparison {
  const { name, replay, expected } = recorded;
  const tolerances = replayTolerances(replay, expected, actual, precision);
  const compared = expected.flatMap((step, s) =>
    REPLAY_QUANTITIES.map((quantity) => {
      const found = actual[s] === undefined ? [] : asArray(actual[s][quantity]);
      const allowed = asArray(tolerances[s][quantity]);
      return Array.from(asArray(step[quantity]), (value, index) =>
        compareNumber({ quantity, step: s, index }, value, found[index], allowed[index]),
      );
    }),
  );
  const worst = REPLAY_QUANTITIES.map((quantity) =>
    compared
      .flatMap((numbers) => (numbers[0]?.quantity === quantity ? numbers : []))
      .reduce((a, b) => (b.share > a.share ? b : a)),
  );
  const passed = worst.every(({ share }) => share <= 1);
  // What comes out wrong first is the cause of what follows.
  const firstWrong = compared.find((numbers) => numbers.some(({ share }) => share > 1));
  const picture = firstWrong === undefined ? "" : errorPicture(name, replay.network, firstWrong);
  return { name, worst, passed, picture };
}

function compareNumber(
  place: Pick<ComparedNumber, "quantity" | "step" | "index">,
  expected: number,
  actual = Number.NaN,
  tolerance: number,
): ComparedNumber {
  const error = distance(expected, actual);
  return {
    ...place,
    expected,
    actual,
    error,
    tolerance,
    share: error === 0 ? 0 : error / tolerance,
  };
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
