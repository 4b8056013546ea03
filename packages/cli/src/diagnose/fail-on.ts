// --fail-on: what of a report makes the command answer with 1.

import { CAUSES, didYouMean, type Report, SEVERITIES, type Severity } from "@convergence-lab/core";
import { CliError } from "../errors.ts";

/** A severity (a finding of it, or a graver one), "cause" (any), or a cause by its id. */
export type FailOn = string;

const WORDS: readonly string[] = [...SEVERITIES, "cause", ...CAUSES];

/** @throws CliError CLI_USAGE */
export function checkFailOn(condition: FailOn | undefined): void {
  if (condition === undefined || WORDS.includes(condition)) return;
  throw new CliError(
    "CLI_USAGE",
    `--fail-on is "${condition}"; it must be ${SEVERITIES.join(", ")}, cause, or the id of a cause.${didYouMean(condition, WORDS)}`,
  );
}

export function isHit(condition: FailOn | undefined, { findings, diagnosis }: Report): boolean {
  if (condition === undefined) return false;
  const causes = diagnosis?.causes ?? [];
  if (condition === "cause") return causes.length > 0;
  const limit = SEVERITIES.indexOf(condition as Severity);
  if (limit === -1) return causes.some(({ id }) => id === condition);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}
