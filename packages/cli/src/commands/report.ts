// clab report: the report of a saved run once more, without training and without a device.

import { join } from "node:path";
import {
  asHtml,
  asJson,
  asText,
  type Finding,
  lint,
  loadDatasets,
  makeReport,
  type Report,
  resolveVariants,
  type Spec,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { readTrace, savedReport } from "../run-folder.ts";
import { note, textOptions, writeOut } from "../terminal.ts";

export interface ReportOptions {
  /** A run folder. */
  readonly run: string;
  readonly json: boolean;
}

export async function report({ run: path, json }: ReportOptions): Promise<number> {
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
  writeFile(join(path, "report.json"), asJson(made));
  writeFile(join(path, "report.html"), asHtml(made));
  await writeOut(json ? asJson(made) : asText(made, textOptions()));
  return EXIT.ran;
}

/** Of a spec whose rows are in a file, which may have changed, those of the run. */
function findingsOf(spec: Spec, saved: Report | undefined): readonly Finding[] {
  const isTable = resolveVariants(spec).some(({ data }) => data.source.kind === "table");
  return isTable ? (saved?.findings ?? []) : lint(spec, loadDatasets(spec));
}
