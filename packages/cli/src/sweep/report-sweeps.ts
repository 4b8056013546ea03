// The report of saved sweeps: what they came to, what each parameter did, and which of them is best.

import {
  type SweepReport,
  SweepReporter,
  sweepReportHtml,
  sweepReportMarkdown,
  sweepReportText,
} from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { textOptions, writeOut } from "../terminal.ts";
import type { ReportFiles } from "../write-reports.ts";
import { sweepFoldersAt } from "./merge-folders.ts";
import { type FoundSweep, sweepsIn, trialsIn } from "./read-sweeps.ts";

export interface SweepReportOptions extends ReportFiles {
  readonly runs: readonly string[];
  readonly json: boolean;
}

export async function reportSweeps(options: SweepReportOptions): Promise<number> {
  const found = sweepsIn(sweepFoldersAt(options.runs));
  const report = reportOf(found);
  const asJson = () => `${JSON.stringify(report, null, 2)}\n`;
  const { exportJson, exportMarkdown, exportHtml } = options;
  if (exportJson !== undefined) writeFile(exportJson, asJson());
  if (exportMarkdown !== undefined) writeFile(exportMarkdown, sweepReportMarkdown(report));
  if (exportHtml !== undefined) writeFile(exportHtml, sweepReportHtml(report));
  await writeOut(options.json ? asJson() : sweepReportText(report, textOptions()));
  return EXIT.ran;
}

function reportOf(found: readonly FoundSweep[]): SweepReport {
  const sweeps = found.map((each) => {
    const reporter = new SweepReporter(each.sweep);
    for (const record of trialsIn(each)) reporter.add(record);
    return reporter.report(each);
  });
  return { version: 1, metric: found[0].sweep.metric, sweeps };
}
