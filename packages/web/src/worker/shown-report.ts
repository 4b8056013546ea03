// A trace as a report, and what a page shows of it.

import { type Finding, makeReport, type Trace, verdictSections } from "@convergence-lab/core";
import type { Trained } from "../messages.ts";

export function shownReport(
  trace: Trace,
  findings: readonly Finding[],
): Pick<Trained, "report" | "shown"> {
  const report = makeReport(trace, findings);
  // Nothing is shown of a spec that claims nothing.
  const answer = report.claims.length === 0 ? "" : verdictSections(report).join("");
  return { report, shown: { answer, evidence: "" } };
}
