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
import { statesText } from "../summary.ts";
import { columns, trialsText } from "../summary-text.ts";
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
  restText,
  SHARE_SAYS,
  sweepCautions,
} from "./report-words.ts";
import type { SweepReport, SweptReport } from "./sweep-report.ts";

/** The page and the JSON have twice as many. */
const MOST_BEST = 10;

export function sweepReportText(report: SweepReport, options: TextOptions = {}): string {
  const pen = penOf(options);
  const { sweeps } = report;
  if (sweeps.length === 1) return textOf(sweepBlocks(sweeps[0], report, pen), pen);
  const caution = comparedCaution(report);
  return textOf(
    [
      tableLines(comparedTitle(report), COMPARED_HEAD, sweeps.map(comparedCells), pen),
      caution === "" ? [] : paragraph(caution, pen),
      ...sweeps.flatMap((swept) => sweepBlocks(swept, report, pen)),
    ],
    pen,
  );
}

function sweepBlocks(swept: SweptReport, { metric }: SweepReport, pen: Pen): string[][] {
  const { name, networks, trials, best, parameters } = swept;
  const head = trialsText({ name, metric, networks, ...trials });
  const heading = [pen.paint("bold", plainText(head)), statesText(trials)];
  if (trials.finished === 0) return [heading.slice(0, 1)];
  const shown = best.slice(0, MOST_BEST).map(bestCells);
  const matters = byImportance(parameters).map(importanceCells);
  const says = paragraph(`${SHARE_SAYS} ${restText(swept)}`.trim(), pen);
  return [
    heading,
    tableLines("Best trials", BEST_HEAD, shown, pen),
    tableLines("What matters", IMPORTANCE_HEAD, matters, pen),
    says.map((line) => pen.paint("dim", line)),
    notes("Before you quote a number", sweepCautions(swept, metric), pen),
  ];
}

function tableLines(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  pen: Pen,
): string[] {
  if (rows.length === 0) return [];
  const lines = columns([head, ...rows.map((cells) => cells.map(plainText))]);
  return [pen.paint("bold", title), ...lines];
}
