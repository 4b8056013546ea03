// SweepReport -> Markdown.

import { escapeMarkdown, list, markdownTable } from "../../report/markdown.ts";
import { type ReportPart, reportParts } from "./report-parts.ts";
import { reportTitle } from "./report-words.ts";
import type { SweepReport } from "./sweep-report.ts";

export function sweepReportMarkdown(report: SweepReport): string {
  const parts = reportParts(report, { most: Number.POSITIVE_INFINITY, hasLevels: true });
  const blocks = [`# ${escapeMarkdown(reportTitle(report))}`, ...parts.flatMap(blocksOf)];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function blocksOf({ title, isInner, lead, head, rows, says, items }: ReportPart): string[] {
  const heading = `${isInner ? "###" : "##"} ${escapeMarkdown(title)}`;
  return [
    items.length === 0 ? heading : list(heading, items),
    escapeMarkdown(lead),
    rows.length === 0 ? "" : markdownTable(head, rows),
    escapeMarkdown(says),
  ];
}
