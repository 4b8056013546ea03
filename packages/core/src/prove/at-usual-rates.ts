// Inputs of another scale want another rate. A rate far from the usual one may have been chosen for the
// columns as they stand, and what a range test finds on them says nothing of scaled ones: scaling by
// itself and the rate by itself both fail where the two together are all that is missing.

import { fixedRate, setRate } from "../causes/changes.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import { DEFAULT_LEARNING_RATE, type Variant } from "../spec/spec.ts";
import { type Arm, makeArm, partOf } from "./arms.ts";
import { MIN_JOINT_WEIGHT } from "./first-guess.ts";

/** Nearer than this a rate is one of those that are tried with any network. */
const FAR = 10;

/**
 * Scaled inputs at Keras's rate for the optimizer and at ten times that, where the inputs are found to
 * be unscaled and the rate lies outside of those.
 */
export function scaledAtUsualRates(suspects: readonly Suspect[], variant: Variant): Arm[] {
  const rate = fixedRate(variant);
  const usual = DEFAULT_LEARNING_RATE[variant.train.optimizer.name];
  const rates = [usual, 10 * usual];
  if (rate === undefined || (rate * FAR > rates[0] && rate < FAR * rates[1])) return [];
  const unscaled = suspects.find(
    ({ id, weight, changes }) =>
      id === "unscaled-features" && weight >= MIN_JOINT_WEIGHT && changes.length > 0,
  );
  const side = rate < usual ? "learning-rate-too-low" : "learning-rate-too-high";
  const suspect = suspects.find(({ id }) => id === side);
  if (unscaled === undefined || suspect === undefined) return [];
  return rates.flatMap(
    (wanted) => makeArm([partOf(unscaled), partOf(suspect, setRate(wanted))], variant) ?? [],
  );
}
