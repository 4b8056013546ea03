// Findings as the renderings write them: by severity, each with the place it is about.

import { type Finding, SEVERITIES, type Severity } from "../lint/finding.ts";
import { count } from "./summary-text.ts";

export interface FindingGroup {
  readonly severity: Severity;
  /** "2 errors: as written this cannot learn the task" */
  readonly title: string;
  readonly findings: readonly Finding[];
}

const MEANINGS: Readonly<Record<Severity, string>> = {
  error: "as written this cannot learn the task",
  warning: "likely not to converge, or not to mean what it seems",
  note: "true, and networks converge in spite of it",
};

/** The severities that occur, the gravest first. */
export function findingGroups(findings: readonly Finding[]): FindingGroup[] {
  return SEVERITIES.flatMap((severity) => {
    const members = findings.filter((finding) => finding.severity === severity);
    if (members.length === 0) return [];
    return [
      {
        severity,
        title: `${count(members.length, severity)}: ${MEANINGS[severity]}`,
        findings: members,
      },
    ];
  });
}

/** "unscaled-features, data.preprocess", and the variants where it does not hold for all. */
export function findingPlace({ id, where, variants }: Finding, all: readonly string[]): string {
  const some = all.every((name) => variants.includes(name)) ? "" : ` of ${variants.join(", ")}`;
  return `${id}, ${where}${some}`;
}

/** "Try: standardize; or leave out column x3.", or empty. */
export function tryText({ interventions }: Finding): string {
  if (interventions.length === 0) return "";
  return `Try: ${interventions.map(({ says }) => says).join("; or ")}.`;
}
