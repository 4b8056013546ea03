// Everything that was measured of a trace's runs, one number per line: what pandas, R or a
// spreadsheet reads and groups without help.

import { shortestFloat32 } from "../shared/shortest-float32.ts";
import { EPOCH_PROBES } from "../spec/probes.ts";
import { METRICS } from "../spec/spec.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";
import type { NonFinite } from "../trace/trace-event.ts";
import { csvField, csvText } from "./csv-text.ts";

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

function measurements({ signals, probes }: TraceRun): Cells[] {
  const { layers = [], everySteps = 0, confusions = [], firstNonFinite } = probes ?? {};
  return [
    ...[...METRICS, ...EPOCH_PROBES].flatMap((signal) =>
      Array.from(
        signals[signal] ?? [],
        (value, i): Cells => ({
          signal,
          epoch: i + 1,
          value: shortestFloat32(value),
        }),
      ),
    ),
    ...layers.flatMap((columns, layer) =>
      Object.entries(columns).flatMap(([signal, values]) =>
        Array.from(
          values,
          (value, i): Cells => ({
            signal,
            layer,
            step: i * everySteps,
            value: shortestFloat32(value),
          }),
        ),
      ),
    ),
    ...confusions.flatMap(({ signal, epoch, classes, counts }) =>
      Array.from(
        counts,
        (value, i): Cells => ({
          signal,
          epoch: epoch + 1,
          trueClass: Math.floor(i / classes),
          predictedClass: i % classes,
          value,
        }),
      ),
    ),
    ...(firstNonFinite === undefined ? [] : [nonFiniteCells(firstNonFinite)]),
  ];
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
