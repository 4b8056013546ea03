// What a lint check is: a pure function of one variant and of the facts that it names.

import type { Variant } from "../spec/spec.ts";
import type { FactName, Facts } from "./facts/facts.ts";
import type { Finding } from "./finding.ts";

/** What a check says; lint adds who said it and about which variants. */
export type Observation = Pick<Finding, "severity" | "where" | "says"> &
  Partial<Pick<Finding, "evidence" | "ruledOut" | "interventions">>;

export interface LintCheck<Name extends FactName = FactName> {
  /** Also the name of its file, its test and its page in docs/checks. */
  readonly id: string;
  /** What it says in one line, for a list of checks. */
  readonly title: string;
  readonly reads: readonly Name[];
  examine(variant: Variant, facts: Pick<Facts, Name>): Observation[];
}

/** Infers which facts a check may read from those that it names. */
export function lintCheck<Name extends FactName>(check: LintCheck<Name>): LintCheck<Name> {
  return check;
}
