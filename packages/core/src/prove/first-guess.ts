// What would be changed before anything has been tried: what findings alone ask for.

import { isAffordable } from "../causes/cost.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import { type Arm, affordableArm, type Part, partOf, singleArms } from "./arms.ts";

/** What is put together at once when several faults may hide each other: what weighs a warning. */
export const MIN_JOINT_WEIGHT = 2.5;

/** The changes of every cause that weighs as much as a warning, each cause's likeliest first. */
export function heavyParts(suspects: readonly Suspect[]): Part[][] {
  return suspects
    .filter(({ weight, changes }) => weight >= MIN_JOINT_WEIGHT && changes.length > 0)
    .map((suspect) => suspect.changes.map((change) => partOf(suspect, change)));
}

/** The likeliest of several causes, all at once; undefined where no two of them differ. */
export function jointArm(
  suspects: readonly Suspect[],
  variant: Variant,
  dataset: Dataset,
): Arm | undefined {
  const parts = heavyParts(suspects).map(([likeliest]) => likeliest);
  const once = parts.filter(
    ({ change }, i) => parts.findIndex((other) => other.change.id === change.id) === i,
  );
  return once.length < 2 ? undefined : affordableArm(once, variant, dataset);
}

/**
 * All of them, or the one change of the likeliest cause. Undefined where nothing warns, unless the
 * network is known to be ill: then something is the likeliest all the same.
 */
export function firstGuess(
  suspects: readonly Suspect[],
  variant: Variant,
  dataset: Dataset,
  isIll: boolean,
): Arm | undefined {
  const joint = jointArm(suspects, variant, dataset);
  if (joint !== undefined) return joint;
  const likely = isIll ? suspects : suspects.filter(({ weight }) => weight >= MIN_JOINT_WEIGHT);
  return singleArms(likely, variant).find(({ variant: made }) =>
    isAffordable(made, variant, dataset),
  );
}
