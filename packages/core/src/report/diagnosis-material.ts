// What a diagnosis is made of: everything that was found, trained and proved.

import type { Repair } from "../causes/repair.ts";
import type { Diagnosed } from "../diagnose/diagnose.ts";
import type { ProvedChanges } from "../prove/prove-changes.ts";
import type { RateRange } from "../prove/rate-range.ts";
import type { Situation } from "../prove/situation.ts";
import type { Spec } from "../spec/spec.ts";

export interface DiagnosisMaterial {
  /** With the user's own source. */
  readonly spec: Spec;
  readonly situation: Situation;
  /** What had to be changed before the network could be trained at all. */
  readonly repair: Repair | undefined;
  readonly diagnosed: Diagnosed;
  readonly range: RateRange | undefined;
  readonly proved: ProvedChanges | undefined;
  readonly modelSteps: number;
}
