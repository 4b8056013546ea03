// clab report: the report of a saved run once more, without training and without a device; or of
// sweeps, side by side where there are several.

import {
  asJson,
  asText,
  curvesTable,
  type Finding,
  lint,
  loadDatasets,
  makeReport,
  type Report,
  resolveVariants,
  type Spec,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { tableFile } from "../export/table.ts";
import { writeFile } from "../files.ts";
import { readTrace, savedReport } from "../run-folder.ts";
import { holdsSweeps } from "../sweep/merge-folders.ts";
import { reportSweeps, type SweepReportOptions } from "../sweep/report-sweeps.ts";
import { note, textOptions, writeOut } from "../terminal.ts";
import { writeReports } from "../write-reports.ts";

/** Run folders, or sweep folders. */
export type ReportOptions = SweepReportOptions;

export async function report(options: ReportOptions): Promise<number> {
  const { runs } = options;
  const sweeps = runs.filter(holdsSweeps);
  if (sweeps.length === runs.length) return await reportSweeps(options);
  const [run] = runs.filter((path) => !sweeps.includes(path));
  if (runs.length > 1) {
    throw new CliError(
      "CLI_USAGE",
      `${run} is no folder of a sweep; several folders are reported together where all are of sweeps. Report it by itself.`,
    );
  }
  if (options.exportCsv !== undefined || options.exportMlflow !== undefined) {
    throw new CliError(
      "CLI_USAGE",
      `--export-csv and --export-mlflow are of sweeps, and ${run} is none; --export-curves is of a run too.`,
    );
  }
  return await reportRun(run, options);
}

async function reportRun(path: string, options: ReportOptions): Promise<number> {
  const trace = readTrace(path);
  if (trace.runs.length === 0) {
    throw new CliError("CLI_FILE_UNREADABLE", `${path} holds no finished run; train it first.`);
  }
  if (trace.runs.length < trace.planned) {
    note(
      `${path} was interrupted: this is about ${trace.runs.length} of ${trace.planned} networks.`,
    );
  }
  const saved = savedReport(path);
  // A diagnosis was made from more trainings than the trace of its end holds.
  const made = saved?.diagnosis ? saved : makeReport(trace, findingsOf(trace.spec, saved));
  writeReports(path, made, options);
  const { exportCurves } = options;
  if (exportCurves !== undefined) {
    writeFile(exportCurves, await tableFile(exportCurves, curvesTable(trace)));
  }
  await writeOut(options.json ? asJson(made) : asText(made, textOptions()));
  return EXIT.ran;
}

/** Of a spec whose rows are in a file, which may have changed, those of the run. */
function findingsOf(spec: Spec, saved: Report | undefined): readonly Finding[] {
  const isTable = resolveVariants(spec).some(({ data }) => data.source.kind === "table");
  return isTable ? (saved?.findings ?? []) : lint(spec, loadDatasets(spec));
}
