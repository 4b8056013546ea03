// SweepReport -> Markdown.

import { escapeMarkdown, list, markdownTable } from "../../report/markdown.ts";
import { statesText } from "../summary.ts";
import { trialsText } from "../summary-text.ts";
import {
  BEST_HEAD,
  bestCells,
  byImportance,
  COMPARED_HEAD,
  comparedCaution,
  comparedCells,
  comparedTitle,
  IMPORTANCE_HEAD,
  importanceCells,
  LEVEL_HEAD,
  levelCells,
  reportTitle,
  restText,
  SHARE_SAYS,
  sweepCautions,
} from "./report-words.ts";
import type { SweepReport, SweptReport } from "./sweep-report.ts";

export function sweepReportMarkdown(report: SweepReport): string {
  const { sweeps } = report;
  const compared =
    sweeps.length > 1
      ? [
          `## ${comparedTitle(report)}`,
          markdownTable(COMPARED_HEAD, sweeps.map(comparedCells)),
          comparedCaution(report),
        ]
      : [];
  const blocks = [
    `# ${escapeMarkdown(reportTitle(report))}`,
    ...compared,
    ...sweeps.flatMap((swept) => sweepBlocks(swept, report)),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function sweepBlocks(swept: SweptReport, { metric }: SweepReport): string[] {
  const { name, networks, trials, best, parameters } = swept;
  const head = escapeMarkdown(trialsText({ name, metric, networks, ...trials }));
  if (trials.finished === 0) return [`## ${escapeMarkdown(name)}`, head];
  return [
    `## ${escapeMarkdown(name)}`,
    `${head}. ${statesText(trials)}.`,
    markdownTable(BEST_HEAD, best.map(bestCells)),
    "### What matters",
    markdownTable(IMPORTANCE_HEAD, byImportance(parameters).map(importanceCells)),
    `${SHARE_SAYS} ${restText(swept)}`.trim(),
    ...byImportance(parameters)
      .filter(({ levels }) => levels.length > 1)
      .flatMap((parameter) => [
        `### ${escapeMarkdown(parameter.name)}`,
        markdownTable(LEVEL_HEAD, parameter.levels.map(levelCells)),
      ]),
    list("### Before you quote a number", sweepCautions(swept, metric)),
  ];
}
