// What was measured beside the metrics, over the runs of a variant, as far as a report shows it.

import { CONFUSIONS, type ConfusionSignal } from "../spec/probe-names.ts";
import { latestConfusion, seriesByLayer } from "../trace/signals.ts";
import type { TraceRun } from "../trace/trace.ts";
import { curveBand } from "./curve-band.ts";
import type { VariantReport } from "./report.ts";

export function probedSignals(
  runs: readonly TraceRun[],
): Pick<VariantReport, "gradients" | "confusion"> {
  const gradients = gradientBands(runs);
  const counted = CONFUSIONS.flatMap((signal): [ConfusionSignal, number[][]][] => {
    const counts = confusionCounts(runs, signal);
    return counts === undefined ? [] : [[signal, counts]];
  });
  return {
    ...(gradients ? { gradients } : {}),
    ...(counted.length > 0 ? { confusion: Object.fromEntries(counted) } : {}),
  };
}

function gradientBands(runs: readonly TraceRun[]): VariantReport["gradients"] {
  const measured = runs.flatMap((run) => {
    const series = seriesByLayer(run, "gradientNorm");
    return series === undefined ? [] : [series];
  });
  if (measured.length === 0) return undefined;
  const layers = measured[0].map((_, layer) =>
    curveBand(measured.flatMap((series) => series[layer]?.values ?? [])),
  );
  return { everySteps: measured[0][0].everySteps, layers };
}

function confusionCounts(
  runs: readonly TraceRun[],
  signal: ConfusionSignal,
): number[][] | undefined {
  const measured = runs.flatMap((run) => latestConfusion(run, signal) ?? []);
  if (measured.length === 0) return undefined;
  const { classes } = measured[0];
  return Array.from({ length: classes }, (_, truth) =>
    Array.from({ length: classes }, (_, predicted) =>
      measured.reduce((sum, { counts }) => sum + counts[truth * classes + predicted], 0),
    ),
  );
}
