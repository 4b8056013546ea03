// The head of a text: what was asked, and on what it was trained.

import type { Report } from "./report.ts";
import { count, seedsText } from "./summary-text.ts";
import { type Pen, paragraph } from "./text-pen.ts";

export function heading(report: Report, pen: Pen): string[] {
  const { name, engine, runs, variants } = report;
  const summary = `${name}: ${count(Object.keys(variants).length, "variant")}, ${count(runs.finished, "run")} over ${seedsText(report)}, on ${engine.name} (${engine.adapter}; ${engine.reason})`;
  // A spec without a title is called by its name, which the summary starts with.
  const title = report.title === name ? [] : paragraph(report.title, pen);
  return [
    ...title.map((line) => pen.paint("bold", line)),
    ...paragraph(summary, pen).map((line) => pen.paint("dim", line)),
  ];
}
