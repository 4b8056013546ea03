// The table that a sweep ends with.

import { METRIC_NAMES } from "../claims/final-value.ts";
import { plainText } from "../report/plain-text.ts";
import { shortNumber } from "../shared/number-text.ts";
import { paramsText } from "./params-text.ts";
import { type SweepSummary, spreadOf } from "./summary.ts";
import type { Sweep } from "./sweep.ts";
import { runsPerTrial, trialCount } from "./trials.ts";

export function summaryText(sweep: Sweep, summary: SweepSummary): string {
  const { metric, name } = sweep;
  const { finished, statesText, best } = summary;
  const head = trialsText({
    ...{ name, metric, finished },
    total: trialCount(sweep),
    networks: runsPerTrial(sweep),
  });
  const rows = best.map((record, i) => [
    String(i + 1),
    record.value === null ? "-" : shortNumber(record.value, 4),
    shownSpread(spreadOf(sweep, record)),
    String(record.epochs),
    record.state,
    plainText(paramsText(record.params)),
  ]);
  const lines = columns([["", "mean", "sd", "epochs", "state", "parameters"], ...rows]);
  return `${[plainText(head), ...(finished > 0 ? [statesText, "", ...lines] : [])].join("\n")}\n`;
}

/** "lr: 20 of 81 trials of 5 networks each, validation loss, least first" */
export function trialsText(facts: {
  readonly name: string;
  readonly metric: Sweep["metric"];
  readonly finished: number;
  readonly total: number;
  readonly networks: number;
}): string {
  const { name, metric, finished, total, networks } = facts;
  const count = finished === total ? String(total) : `${finished} of ${total}`;
  const order = metric.goal === "minimize" ? "least" : "greatest";
  return `${name}: ${count} trial${total === 1 ? "" : "s"} of ${networks} network${networks === 1 ? "" : "s"} each, ${METRIC_NAMES[metric.name]}, ${order} first`;
}

function shownSpread(spread: number | undefined): string {
  return spread === undefined ? "-" : shortNumber(spread, 2);
}

/** The first columns to the right, the last two to the left. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (c < row.length - 2 ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
      .join("  ")
      .trimEnd(),
  );
}
