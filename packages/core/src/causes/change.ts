// A change that an arm makes: a function from a variant to a patch, so that changes can be put one
// on the other. A patch alone could not: it replaces the list of layers whole.

import type { Intervention } from "../lint/finding.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { patched, type SpecPatch } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";

export interface Change {
  /** One word per kind of change: "standardize", "learning-rate". */
  readonly id: string;
  /** Undefined where it would change nothing or cannot be made. */
  make(variant: Variant): Intervention | undefined;
}

/** A change and what it came to. */
export interface MadeChange {
  readonly change: Change;
  readonly intervention: Intervention;
}

/**
 * Several changes, each made on the variant that the ones before it left; without those that do nothing
 * there.
 */
export function madeInTurn(changes: readonly Change[], variant: Variant): MadeChange[] {
  const made: MadeChange[] = [];
  let current = variant;
  for (const change of changes) {
    const intervention = change.make(current);
    if (intervention === undefined) continue;
    current = patched(current, intervention.patch);
    made.push({ change, intervention });
  }
  return made;
}

/** The same as one; undefined where none does anything. */
export function together(changes: readonly Change[], variant: Variant): Intervention | undefined {
  const made = madeInTurn(changes, variant).map(({ intervention }) => intervention);
  return made.length === 0 ? undefined : joinedIntervention(made);
}

/** Interventions that were made one on the other, as one. */
export function joinedIntervention(made: readonly Intervention[]): Intervention {
  return {
    id: made.map(({ id }) => id).join(" + "),
    says: made.map(({ says }) => says).join("; "),
    patch: made.reduce<unknown>((patch, next) => mergePatch(patch, next.patch), {}) as SpecPatch,
  };
}
