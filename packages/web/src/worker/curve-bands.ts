// Curves over seeds while a population trains: joins what runs tell and gives bands. Runs on the
// data as written only, as in a report.

import {
  curveBand,
  type LayerSignal,
  METRICS,
  type Metric,
  type Plan,
  type TraceEvent,
} from "@convergence-lab/core";
import type { Band, VariantCurves } from "../messages.ts";

const LAYER_BANDS = ["gradientNorm", "deadShare"] as const satisfies readonly LayerSignal[];

interface RunCurves {
  readonly metrics: Map<Metric, number[]>;
  readonly layers: Record<(typeof LAYER_BANDS)[number], number[]>[];
}

export class CurveBands {
  readonly #plan: Plan;
  readonly #runs = new Map<number, RunCurves>();

  constructor(plan: Plan) {
    this.#plan = plan;
    for (const run of plan.runs) {
      if (run.dataSeed === 0) this.#runs.set(run.index, { metrics: new Map(), layers: [] });
    }
  }

  add(event: TraceEvent): void {
    if (event.kind !== "epochs" && event.kind !== "probes") return;
    const run = this.#runs.get(event.run);
    if (run === undefined) return;
    if (event.kind === "epochs") {
      for (const metric of METRICS) {
        const piece = event.signals[metric];
        if (piece === undefined) continue;
        const values = run.metrics.get(metric) ?? [];
        run.metrics.set(metric, values);
        put(values, event.firstEpoch, piece);
      }
      return;
    }
    event.layers.forEach((columns, layer) => {
      run.layers[layer] ??= { gradientNorm: [], deadShare: [] };
      for (const signal of LAYER_BANDS) {
        const piece = columns[signal];
        if (piece !== undefined) put(run.layers[layer][signal], event.firstProbe, piece);
      }
    });
  }

  /** Every variant in the order of the plan. */
  variants(): VariantCurves[] {
    const names = [...new Set(this.#plan.runs.map(({ variant }) => variant))];
    return names.map((name) => {
      const planned = this.#plan.runs.filter((run) => run.variant === name && run.dataSeed === 0);
      const runs = planned.map(({ index }) => this.#runs.get(index)!);
      const metrics = METRICS.flatMap((metric): [Metric, Band][] => {
        const band = bandOf(runs.map((run) => run.metrics.get(metric)));
        return band === null ? [] : [[metric, band]];
      });
      const layers = Math.max(0, ...runs.map((run) => run.layers.length));
      const byLayer = (signal: (typeof LAYER_BANDS)[number]) =>
        Array.from({ length: layers }, (_, layer) =>
          bandOf(runs.map((run) => run.layers[layer]?.[signal])),
        );
      return {
        name,
        runs: runs.filter((run) => run.metrics.size > 0).length,
        metrics: Object.fromEntries(metrics),
        gradientNorm: byLayer("gradientNorm"),
        deadShare: byLayer("deadShare"),
        everySteps: this.#plan.buckets[planned[0].bucket].probes?.everySteps ?? 1,
      };
    });
  }
}

/** The buffers of bands, for a message that hands them over instead of copying them. */
export function buffersOf(curves: readonly VariantCurves[]): ArrayBuffer[] {
  const bands = curves.flatMap(({ metrics, gradientNorm, deadShare }) => [
    ...Object.values(metrics),
    ...gradientNorm,
    ...deadShare,
  ]);
  return bands.flatMap((band) =>
    band === null ? [] : Object.values(band as Band).map(({ buffer }) => buffer as ArrayBuffer),
  );
}

function put(values: number[], first: number, piece: Float32Array): void {
  piece.forEach((value, i) => {
    values[first + i] = value;
  });
}

/** Null where there is nothing yet. */
function bandOf(columns: readonly (number[] | undefined)[]): Band | null {
  const told = columns.filter((column) => column !== undefined && column.length > 0);
  if (told.length === 0) return null;
  const { median, low, high } = curveBand(told.map((column) => Float32Array.from(column!)));
  const column = (values: readonly (number | null)[]) =>
    Float32Array.from(values, (value) => value ?? Number.NaN);
  return { median: column(median), low: column(low), high: column(high) };
}
