// clab report: the report of a saved run once more, without training and without a device.

import { join } from "node:path";
import { asHtml, asJson, asText, lint, loadDatasets, makeReport } from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { readTrace } from "../run-folder.ts";
import { note, textOptions, writeOut } from "../terminal.ts";

export async function report(path: string): Promise<number> {
  const trace = readTrace(path);
  if (trace.runs.length === 0) {
    throw new CliError("CLI_FILE_UNREADABLE", `${path} holds no finished run; train it first.`);
  }
  if (trace.runs.length < trace.planned) {
    note(
      `${path} was interrupted: this is about ${trace.runs.length} of ${trace.planned} networks.`,
    );
  }
  const made = makeReport(trace, lint(trace.spec, loadDatasets(trace.spec)));
  writeFile(join(path, "report.json"), asJson(made));
  writeFile(join(path, "report.html"), asHtml(made));
  await writeOut(asText(made, textOptions()));
  return EXIT.ran;
}
