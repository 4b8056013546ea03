// The arms of a proof: the changes that the suspected causes name, each once, however many causes
// it would undo.

import type { CauseId } from "../causes/cause.ts";
import { type Change, joinedIntervention, madeInTurn } from "../causes/change.ts";
import { isAffordable } from "../causes/cost.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Intervention } from "../lint/finding.ts";
import { canonicalJson } from "../shared/content-hash.ts";
import { patched } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";

export interface Part {
  readonly change: Change;
  /** Every suspected cause that this change would undo, the heaviest first. */
  readonly causes: readonly CauseId[];
  /** Of the heaviest. */
  readonly weight: number;
  /** A finding that speaks for it; the cause's id where none does. */
  readonly finding: string;
}

export interface Arm {
  /** The canonical patch: arms of equal patches are one arm. */
  readonly key: string;
  readonly parts: readonly Part[];
  readonly intervention: Intervention;
  readonly variant: Variant;
}

/** A change of a cause; absent: the likeliest. */
export function partOf({ id, changes, weight, findings }: Suspect, change = changes[0]): Part {
  return { change, causes: [id], weight, finding: findings[0] ?? id };
}

/** One arm per single change, in the order of their causes' weights. */
export function singleArms(suspects: readonly Suspect[], variant: Variant): Arm[] {
  const arms = new Map<string, { arm: Arm; causes: CauseId[] }>();
  for (const suspect of suspects) {
    const { id } = suspect;
    for (const change of suspect.changes) {
      const arm = makeArm([partOf(suspect, change)], variant);
      if (arm === undefined) continue;
      const known = arms.get(arm.key);
      if (known === undefined) arms.set(arm.key, { arm, causes: [id] });
      else if (!known.causes.includes(id)) known.causes.push(id);
    }
  }
  return [...arms.values()].map(({ arm, causes }) => ({
    ...arm,
    parts: [{ ...arm.parts[0], causes }],
  }));
}

/**
 * The arm of those parts that do something one on the other. Undefined where they leave the variant as
 * it is, or make one that cannot be trained.
 */
export function makeArm(wanted: readonly Part[], variant: Variant): Arm | undefined {
  try {
    const made = madeInTurn(
      wanted.map(({ change }) => change),
      variant,
    );
    const parts = wanted.filter((part) => made.some(({ change }) => change === part.change));
    const intervention = joinedIntervention(made.map((each) => each.intervention));
    const result = patched(variant, intervention.patch);
    const key = armKey(result);
    return key === armKey(variant) ? undefined : { key, parts, intervention, variant: result };
  } catch (error) {
    // A patch that does not fit what other changes have left is no arm.
    if ((error as Error).name === "SpecError") return undefined;
    throw error;
  }
}

/** Undefined also for an arm that nobody would wait for, though each of its parts may be cheap. */
export function affordableArm(
  parts: readonly Part[],
  variant: Variant,
  dataset: Dataset,
): Arm | undefined {
  const arm = makeArm(parts, variant);
  return arm !== undefined && isAffordable(arm.variant, variant, dataset) ? arm : undefined;
}

function armKey({ data, model, train }: Variant): string {
  return canonicalJson({ data, model, train });
}

export function withoutEach(arm: Arm, variant: Variant): Arm[] {
  if (arm.parts.length < 2) return [];
  return arm.parts.flatMap((_, left) => {
    const rest = arm.parts.filter((_, i) => i !== left);
    return makeArm(rest, variant) ?? [];
  });
}

/** Each network once, by the fewest parts that make it: a part may do away with what another did. */
export function distinct(arms: readonly Arm[]): Arm[] {
  const byKey = new Map<string, Arm>();
  for (const arm of arms) {
    const known = byKey.get(arm.key);
    if (known === undefined || arm.parts.length < known.parts.length) byKey.set(arm.key, arm);
  }
  return [...byKey.values()];
}
