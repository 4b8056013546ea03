// Findings -> text for a terminal: `clab lint`, and the block of a report.

import type { Finding, Severity } from "../lint/finding.ts";
import { findingGroups, findingPlace, tryText } from "./finding-text.ts";
import { plainText, wrap } from "./plain-text.ts";

export interface FindingsTextOptions {
  readonly color?: boolean;
  /** Columns; 80 when absent. */
  readonly width?: number;
  /** The numbers behind each finding, a line each. */
  readonly withEvidence?: boolean;
}

const STYLES: Readonly<Record<Severity, number>> = { error: 31, warning: 33, note: 2 };

/** One block per severity, or empty where there is nothing. @param variants All of the spec. */
export function findingsAsText(
  findings: readonly Finding[],
  variants: readonly string[],
  { color = false, width = 80, withEvidence = false }: FindingsTextOptions = {},
): string {
  const paint = (style: number, text: string) =>
    color ? `\u001b[${style}m${text}\u001b[0m` : text;
  const indented = (text: string, first: string, rest: string) =>
    wrap(plainText(text), width - rest.length).map((line, i) => (i === 0 ? first : rest) + line);
  return findingGroups(findings)
    .map((group) => {
      const title = wrap(group.title, width).map((line) => paint(STYLES[group.severity], line));
      const items = group.findings.flatMap((finding) => [
        ...indented(findingPlace(finding, variants), "  - ", "    ").map((line) => paint(1, line)),
        ...indented(finding.says, "    ", "    "),
        ...(withEvidence ? finding.evidence : []).flatMap((line) =>
          indented(line, "      ", "      ").map((each) => paint(2, each)),
        ),
        ...finding.ruledOut.flatMap((text) => indented(`Ruled out: ${text}.`, "    ", "    ")),
        ...(tryText(finding) === "" ? [] : indented(tryText(finding), "    ", "    ")),
      ]);
      return [...title, ...items].join("\n");
    })
    .join("\n");
}
