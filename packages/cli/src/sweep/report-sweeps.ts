// The report of saved sweeps: what they came to, what each parameter did, and which of them is best.

import {
  type ExportTable,
  type SweepReport,
  SweepReporter,
  sweepReportHtml,
  sweepReportMarkdown,
  sweepReportText,
  TrialCurvesTable,
  TrialsTable,
  trialCount,
} from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { openTable } from "../export/table-stream.ts";
import { writeFile } from "../files.ts";
import { textOptions, writeOut } from "../terminal.ts";
import type { ReportFiles } from "../write-reports.ts";
import { CurveLines } from "./curve-lines.ts";
import { sweepFoldersAt } from "./merge-folders.ts";
import { MlflowFolder } from "./mlflow-folder.ts";
import { type FoundSweep, sweepsIn, trialsIn } from "./read-sweeps.ts";

export interface SweepReportOptions extends ReportFiles {
  readonly runs: readonly string[];
  readonly json: boolean;
  /** A line per trial and network; Parquet by its ending. */
  readonly exportCsv?: string | undefined;
  /** A line per trial and kept epoch, in the same way. */
  readonly exportCurves?: string | undefined;
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

/** One pass over the trials, for the report and for what has a part for each of them. */
async function reportOf(
  found: readonly FoundSweep[],
  { exportCsv, exportCurves, exportMlflow }: SweepReportOptions,
): Promise<SweepReport> {
  const trials = await filling(exportCsv, new TrialsTable(found.map(({ sweep }) => sweep)));
  const curves = await filling(exportCurves, new TrialCurvesTable());
  const sweeps = found.map((each) => {
    const reporter = new SweepReporter(each.sweep);
    const mlflow = exportMlflow === undefined ? undefined : new MlflowFolder(exportMlflow, each);
    const lines = new CurveLines(each.folders, trialCount(each.sweep));
    try {
      for (const record of trialsIn(each)) {
        reporter.add(record);
        trials?.add((table) => table.add(each.name, record));
        const curve = curves || mlflow ? lines.curveOf(record.index) : undefined;
        if (curve !== undefined) curves?.add((table) => table.add(each.name, curve));
        mlflow?.add(record, curve);
      }
      return reporter.report({ ...each, curveOf: (trial) => lines.curveOf(trial) });
    } finally {
      lines.close();
    }
  });
  trials?.end();
  curves?.end();
  return { version: 1, metric: found[0].sweep.metric, sweeps };
}

/** Lines of a part of a table: some ten megabytes. */
const PART = 20_000;

interface FillingTable {
  readonly lines: number;
  take(): ExportTable;
}

/** A table that goes into its file part by part; undefined where there is no such file. */
async function filling<T extends FillingTable>(path: string | undefined, table: T) {
  if (path === undefined) return undefined;
  const file = await openTable(path);
  let parts = 0;
  const write = () => {
    file.write(table.take());
    parts++;
  };
  return {
    add(line: (table: T) => void): void {
      line(table);
      if (table.lines >= PART) write();
    },
    /** A table without a line still has its columns. */
    end(): void {
      if (table.lines > 0 || parts === 0) write();
      file.end();
    },
  };
}
