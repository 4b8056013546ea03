// SweepReport -> its parts in the order in which they are read, as words and cells. Text and Markdown
// are two ways of showing them; the page has pictures between, and an order of its own.

import { statesText } from "../summary.ts";
import { trialsText } from "../summary-text.ts";
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
  LEVEL_HEAD,
  levelCells,
  restText,
  SHARE_SAYS,
  sweepCautions,
} from "./report-words.ts";
import type { SweepReport, SweptReport } from "./sweep-report.ts";

/** All but the title may be empty. */
export interface ReportPart {
  readonly title: string;
  /** Whether it stands under the part before it that does not. */
  readonly isInner: boolean;
  readonly lead: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How to read the table. */
  readonly says: string;
  readonly items: readonly string[];
}

export interface PartsOptions {
  /** Of the best trials of each sweep. */
  readonly most: number;
  /** Whether each parameter has its table. */
  readonly hasLevels: boolean;
}

export function reportParts(report: SweepReport, options: PartsOptions): ReportPart[] {
  const { sweeps } = report;
  const compared =
    sweeps.length === 1
      ? []
      : [
          part(comparedTitle(report), {
            lead: comparedCaution(report),
            head: COMPARED_HEAD,
            rows: sweeps.map(comparedCells),
          }),
        ];
  return [...compared, ...sweeps.flatMap((swept) => sweepParts(swept, report, options))];
}

function sweepParts(
  swept: SweptReport,
  { metric }: SweepReport,
  { most, hasLevels }: PartsOptions,
): ReportPart[] {
  const { name, networks, trials, best } = swept;
  const title = trialsText({ name, metric, networks, ...trials });
  if (trials.finished === 0) return [part(title)];
  const parameters = byImportance(swept.parameters);
  const levels = hasLevels ? parameters.filter((parameter) => parameter.levels.length > 1) : [];
  return [
    part(title, { lead: statesText(trials) }),
    inner("Best trials", { head: BEST_HEAD, rows: best.slice(0, most).map(bestCells) }),
    inner("What matters", {
      head: IMPORTANCE_HEAD,
      rows: parameters.map(importanceCells),
      says: `${SHARE_SAYS} ${restText(swept)}`.trim(),
    }),
    ...levels.map((parameter) =>
      inner(parameter.name, { head: LEVEL_HEAD, rows: parameter.levels.map(levelCells) }),
    ),
    inner("Before you quote a number", { items: sweepCautions(swept, metric) }),
  ].filter(({ isInner, rows, items }) => !isInner || rows.length > 0 || items.length > 0);
}

type Filling = Partial<Omit<ReportPart, "title" | "isInner">>;

function part(title: string, filling: Filling = {}): ReportPart {
  return { title, isInner: false, lead: "", head: [], rows: [], says: "", items: [], ...filling };
}

function inner(title: string, filling: Filling): ReportPart {
  return { ...part(title, filling), isInner: true };
}
