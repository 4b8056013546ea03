// A finding: what was seen, where, on what evidence, what else was ruled out, and what to try.

import type { SpecPatch } from "../spec/resolve-variants.ts";

/**
 * error: as written it cannot learn the task, or cannot be trained at all.
 * warning: it is likely not to converge, or its scores will not be what they seem.
 * note: true of the spec or the data, and networks converge in spite of it.
 */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A change that may mend what was found; whether it does is for a training to show. */
export interface Intervention {
  /** One word per kind of change: "standardize", "drop-column". */
  readonly id: string;
  readonly says: string;
  /** Merged over the variant as a variant's patch is merged over its spec: `patched`. */
  readonly patch: SpecPatch;
}

/** Something seen in the spec or the data. */
export interface Finding {
  /** The check that found it, and the name of its page in docs/checks. */
  readonly id: string;
  readonly severity: Severity;
  /** The variants that it holds for, in the order of the spec. */
  readonly variants: readonly string[];
  /** A place in the spec or a column: "model.layers[2]", "column x3". */
  readonly where: string;
  readonly says: string;
  /** The numbers behind it, with the limits they are held against. */
  readonly evidence: readonly string[];
  readonly ruledOut: readonly string[];
  readonly interventions: readonly Intervention[];
}
