// A report into its run's folder, and into the files that a user names.

import { join } from "node:path";
import { asHtml, asJson, asMarkdown, type Report } from "@convergence-lab/core";
import { writeFile } from "./files.ts";

export interface ReportFiles {
  readonly exportJson?: string | undefined;
  readonly exportMarkdown?: string | undefined;
  readonly exportHtml?: string | undefined;
}

export function writeReports(folder: string, report: Report, files: ReportFiles): void {
  const inFolder = (name: string) => join(folder, name);
  exportReport(report, {
    exportJson: inFolder("report.json"),
    exportHtml: inFolder("report.html"),
  });
  exportReport(report, files);
}

export function exportReport(report: Report, files: ReportFiles): void {
  const { exportJson, exportHtml, exportMarkdown } = files;
  if (exportJson !== undefined) writeFile(exportJson, asJson(report));
  if (exportHtml !== undefined) writeFile(exportHtml, asHtml(report));
  if (exportMarkdown !== undefined) writeFile(exportMarkdown, asMarkdown(report));
}
