// Everything that was measured of a trace's runs, and what is derived from it for each layer, one
// number per line: what pandas, R or a spreadsheet reads and groups without help.

import { csvField, csvText } from "../shared/csv-text.ts";
import { shortestFloat32 } from "../shared/shortest-float32.ts";
import { METRICS } from "../spec/metrics.ts";
import { EPOCH_PROBES, LAYER_SIGNALS } from "../spec/probe-names.ts";
import { gradientNoise } from "../trace/derived/epochs.ts";
import { gradientRatios, updateRatios } from "../trace/derived/layers.ts";
import { type LayerSeries, seriesByLayer } from "../trace/signals.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";
import type { Confusion, NonFinite } from "../trace/trace-event.ts";

const COLUMNS = [
  "variant",
  "trainingSeed",
  "dataSeed",
  "signal",
  "layer",
  "step",
  "epoch",
  "trueClass",
  "predictedClass",
  "value",
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * Steps and layers are counted from 0, epochs from 1 as in Keras's progress lines. A column that a
 * signal does not have is empty; the value of `firstNonFinite` is a tensor, or empty for none.
 */
export function probesCsv(trace: Pick<Trace, "runs">): string {
  const lines = trace.runs.flatMap((run) => {
    const { trainingSeed, dataSeed } = run;
    const variant = csvField(run.variant);
    return measurements(run).map((cells) => {
      const row: Cells = { ...cells, variant, trainingSeed, dataSeed };
      return COLUMNS.map((column) => row[column] ?? "").join(",");
    });
  });
  return csvText([COLUMNS.join(","), ...lines]);
}

type Cells = Partial<Record<Column, string | number>>;

function measurements(run: TraceRun): Cells[] {
  const { confusions = [], firstNonFinite } = run.probes ?? {};
  return [
    ...[...METRICS, ...EPOCH_PROBES].flatMap((signal) => epochCells(signal, run.signals[signal])),
    ...epochCells("gradientNoise", gradientNoise(run)),
    ...LAYER_SIGNALS.flatMap((signal) => layerCells(signal, seriesByLayer(run, signal))),
    ...layerCells("updateRatio", updateRatios(run)),
    ...layerCells("gradientRatio", gradientRatios(run)),
    ...confusions.flatMap(confusionCells),
    ...(firstNonFinite === undefined ? [] : [nonFiniteCells(firstNonFinite)]),
  ];
}

function epochCells(signal: string, values: Float32Array = new Float32Array()): Cells[] {
  return Array.from(values, (v, i) => ({ signal, epoch: i + 1, value: shortestFloat32(v) }));
}

function layerCells(signal: string, series: readonly LayerSeries[] = []): Cells[] {
  return series.flatMap(({ layer, everySteps, values }) =>
    Array.from(values, (value, i) => {
      return { signal, layer, step: i * everySteps, value: shortestFloat32(value) };
    }),
  );
}

function confusionCells({ signal, epoch, classes, counts }: Confusion): Cells[] {
  return Array.from(counts, (value, i) => ({
    signal,
    epoch: epoch + 1,
    trueClass: Math.floor(i / classes),
    predictedClass: i % classes,
    value,
  }));
}

function nonFiniteCells(found: NonFinite | null): Cells {
  if (found === null) return { signal: "firstNonFinite" };
  const { step, tensor, layer } = found;
  return {
    signal: "firstNonFinite",
    step,
    value: tensor,
    ...(layer === undefined ? {} : { layer }),
  };
}
