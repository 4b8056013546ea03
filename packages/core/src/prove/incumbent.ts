// What a search holds as its best after so many model-steps, to compare searches by.

import { joinedIntervention } from "../causes/change.ts";
import { type Repair, withRepair } from "../causes/repair.ts";
import type { Intervention } from "../lint/finding.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";

export interface Incumbent {
  /** Optimizer steps of single networks that were spent when it became the best. */
  readonly modelSteps: number;
  readonly interventions: string;
  readonly patch: SpecPatch;
}

/** Of a network that had to be repaired before it could be trained, the repair is part of it. */
export function incumbent(
  modelSteps: number,
  made: Intervention | undefined,
  repair: Repair | undefined,
): Incumbent {
  const { id, patch } = joinedIntervention(withRepair(repair, made));
  return { modelSteps, interventions: id, patch };
}
