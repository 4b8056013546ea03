// The report of saved sweeps: what they came to, what each parameter did, and which of them is best.

import {
  type SweepReport,
  SweepReporter,
  sweepReportHtml,
  sweepReportMarkdown,
  sweepReportText,
  TrialsTable,
} from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { openTable } from "../export/table-stream.ts";
import { writeFile } from "../files.ts";
import { textOptions, writeOut } from "../terminal.ts";
import type { ReportFiles } from "../write-reports.ts";
import { sweepFoldersAt } from "./merge-folders.ts";
import { MlflowFolder } from "./mlflow-folder.ts";
import { type FoundSweep, sweepsIn, trialsIn } from "./read-sweeps.ts";

export interface SweepReportOptions extends ReportFiles {
  readonly runs: readonly string[];
  readonly json: boolean;
  /** A line per trial and network; Parquet by its ending. */
  readonly exportCsv?: string | undefined;
  /** A folder. */
  readonly exportMlflow?: string | undefined;
}

export async function reportSweeps(options: SweepReportOptions): Promise<number> {
  const found = sweepsIn(sweepFoldersAt(options.runs));
  const report = await reportOf(found, options);
  const asJson = () => `${JSON.stringify(report, null, 2)}\n`;
  const { exportJson, exportMarkdown, exportHtml } = options;
  if (exportJson !== undefined) writeFile(exportJson, asJson());
  if (exportMarkdown !== undefined) writeFile(exportMarkdown, sweepReportMarkdown(report));
  if (exportHtml !== undefined) writeFile(exportHtml, sweepReportHtml(report));
  await writeOut(options.json ? asJson() : sweepReportText(report, textOptions()));
  return EXIT.ran;
}

/** Lines of a part of the table: some ten megabytes. */
const PART = 20_000;

/** One pass over the trials, for the report and for what has a part for each of them. */
async function reportOf(
  found: readonly FoundSweep[],
  { exportCsv, exportMlflow }: SweepReportOptions,
): Promise<SweepReport> {
  const file = exportCsv === undefined ? undefined : await openTable(exportCsv);
  const table = new TrialsTable(found.map(({ sweep }) => sweep));
  const sweeps = found.map((each) => {
    const reporter = new SweepReporter(each.sweep);
    const mlflow = exportMlflow === undefined ? undefined : new MlflowFolder(exportMlflow, each);
    for (const record of trialsIn(each)) {
      reporter.add(record);
      mlflow?.add(record);
      if (file === undefined) continue;
      table.add(each.name, record);
      if (table.lines >= PART) file.write(table.take());
    }
    return reporter.report(each);
  });
  file?.write(table.take());
  file?.end();
  return { version: 1, metric: found[0].sweep.metric, sweeps };
}
