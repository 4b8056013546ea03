// The curves of a report as CSV (RFC 4180), one line per variant, metric and epoch: what a
// spreadsheet or pandas reads without help.

import { csvField, csvText } from "../shared/csv-text.ts";
import { METRICS } from "../spec/metrics.ts";
import type { Report } from "./report.ts";

export function curvesCsv(report: Report): string {
  const lines = ["variant,metric,epoch,median,p10,p90"];
  for (const { name, curves } of Object.values(report.variants)) {
    for (const metric of METRICS) {
      const curve = curves[metric];
      curve?.median.forEach((median, i) => {
        const values = [median, curve.low[i], curve.high[i]].map((value) => value ?? "");
        lines.push([csvField(name), metric, i + 1, ...values].join(","));
      });
    }
  }
  return csvText(lines);
}
