// SweepReport -> text for a terminal: the best trials, and what each parameter did.

import { plainText } from "../../report/plain-text.ts";
import {
  notes,
  type Pen,
  paragraph,
  penOf,
  type TextOptions,
  textOf,
} from "../../report/text-pen.ts";
import { columns } from "../summary-text.ts";
import { type ReportPart, reportParts } from "./report-parts.ts";
import type { SweepReport } from "./sweep-report.ts";

/** The page and the JSON have twice as many. */
const MOST_BEST = 10;

export function sweepReportText(report: SweepReport, options: TextOptions = {}): string {
  const pen = penOf(options);
  const parts = reportParts(report, { most: MOST_BEST, hasLevels: false });
  return textOf(
    parts.flatMap((part) => blocksOf(part, pen)),
    pen,
  );
}

function blocksOf({ title, lead, head, rows, says, items }: ReportPart, pen: Pen): string[][] {
  if (items.length > 0) return [notes(title, items, pen)];
  return [
    [
      pen.paint("bold", plainText(title)),
      ...(lead === "" ? [] : paragraph(lead, pen)),
      ...(rows.length === 0 ? [] : columns([head, ...rows.map((cells) => cells.map(plainText))])),
    ],
    says === "" ? [] : paragraph(says, pen).map((line) => pen.paint("dim", line)),
  ];
}
