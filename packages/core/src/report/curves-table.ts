// Learning curves: one line per run and epoch, epochs counted from 1 as in Keras's progress lines.

import type { ExportColumn, ExportTable } from "../shared/export-table.ts";
import { METRICS } from "../spec/metrics.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";

export function curvesTable({ runs }: Pick<Trace, "runs">): ExportTable {
  const epochsOf = ({ signals }: TraceRun) => signals.loss?.length ?? 0;
  const repeated = <T>(value: (run: TraceRun) => T): T[] =>
    runs.flatMap((run) => new Array<T>(epochsOf(run)).fill(value(run)));
  const metrics = METRICS.map(
    (metric): ExportColumn => ({
      name: metric,
      kind: "number",
      values: runs.flatMap((run) =>
        Array.from({ length: epochsOf(run) }, (_, epoch) => run.signals[metric]?.[epoch] ?? null),
      ),
    }),
  );
  return {
    columns: [
      { name: "variant", kind: "text", values: repeated(({ variant }) => variant) },
      { name: "trainingSeed", kind: "integer", values: repeated((run) => run.trainingSeed) },
      { name: "dataSeed", kind: "integer", values: repeated(({ dataSeed }) => dataSeed) },
      {
        name: "epoch",
        kind: "integer",
        values: runs.flatMap((run) => Array.from({ length: epochsOf(run) }, (_, i) => i + 1)),
      },
      ...metrics,
    ],
  };
}
