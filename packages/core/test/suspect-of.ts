// A suspected cause for tests of what is done about it: nothing speaks for it but its weight.

import type { CauseId } from "../src/causes/cause.ts";
import type { Suspect } from "../src/causes/suspect-causes.ts";
import type { SpecPatch } from "../src/spec/resolve-variants.ts";

export function suspectOf(id: CauseId, weight: number, change: Partial<Suspect> = {}): Suspect {
  return {
    id,
    where: "train",
    says: id,
    weight,
    certain: false,
    findings: [],
    evidence: [],
    against: [],
    ruledOut: [],
    changes: [],
    ...change,
  };
}

/** The change of a suspect, as one patch whatever the variant. */
export function changeOf(id: string, patch: SpecPatch): Suspect["changes"][number] {
  return { id, make: () => ({ id, says: `change ${id}`, patch }) };
}
