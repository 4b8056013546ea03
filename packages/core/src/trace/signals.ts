// How a check, a plot or an export reads a run. What was not measured is undefined, and undefined is
// never a pass: who gets it says "not-measured".

import {
  type ConfusionSignal,
  LAYER_SIGNALS,
  type LayerSignal,
  PROBES,
  type Probe,
} from "../spec/probe-names.ts";
import type { Trace, TraceRun } from "./trace.ts";
import type { Confusion, EpochSignal, NonFinite } from "./trace-event.ts";

/** A signal of one layer over the probed steps; value i is that of step i * everySteps. */
export interface LayerSeries {
  readonly layer: number;
  readonly everySteps: number;
  readonly values: Float32Array;
}

export interface LayerValue {
  readonly layer: number;
  readonly step: number;
  readonly value: number;
}

/** One value per finished epoch. */
export function epochSeries(run: TraceRun, signal: EpochSignal): Float32Array | undefined {
  return run.signals[signal];
}

/** Undefined also where the signal has no meaning, as saturation has none for relu. */
export function layerSeries(
  run: TraceRun,
  signal: LayerSignal,
  layer: number,
): LayerSeries | undefined {
  const values = run.probes?.layers.at(layer)?.[signal];
  if (values === undefined) return undefined;
  const { everySteps, layers } = run.probes!;
  return { layer: layer < 0 ? layer + layers.length : layer, everySteps, values };
}

/** The series of every layer that has the signal, first layer first; undefined where none has. */
export function seriesByLayer(run: TraceRun, signal: LayerSignal): LayerSeries[] | undefined {
  const series = (run.probes?.layers ?? []).flatMap((_, l) => layerSeries(run, signal, l) ?? []);
  return series.length === 0 ? undefined : series;
}

/** The last probed values; undefined where no layer has one. */
export function latestByLayer(run: TraceRun, signal: LayerSignal): LayerValue[] | undefined {
  const latest = seriesByLayer(run, signal)?.flatMap(({ layer, everySteps, values }) => {
    const last = values.length - 1;
    return last < 0 ? [] : [{ layer, step: last * everySteps, value: values[last] }];
  });
  return latest?.length ? latest : undefined;
}

/** Counts of the last epoch that has any. */
export function latestConfusion(run: TraceRun, signal: ConfusionSignal): Confusion | undefined {
  return run.probes?.confusions.findLast((confusion) => confusion.signal === signal);
}

/** Null: every number was finite. Undefined: not measured. */
export function firstNonFinite(run: TraceRun): NonFinite | null | undefined {
  return run.probes?.firstNonFinite;
}

export function isMeasured(run: TraceRun, probe: Probe): boolean {
  if (probe === "firstNonFinite") return firstNonFinite(run) !== undefined;
  if (probe === "confusion" || probe === "valConfusion") {
    return latestConfusion(run, probe) !== undefined;
  }
  return isLayerSignal(probe)
    ? seriesByLayer(run, probe) !== undefined
    : epochSeries(run, probe) !== undefined;
}

/** What was asked for of any run. */
export function askedProbes({ runs }: Pick<Trace, "runs">): Probe[] {
  const asked = new Set(runs.flatMap((run) => run.probes?.asked ?? []));
  return PROBES.filter((probe) => asked.has(probe));
}

/** What was asked for and no run has: the engine does not measure it, or nothing here has it. */
export function unmeasuredProbes(trace: Pick<Trace, "runs">): Probe[] {
  return askedProbes(trace).filter((probe) => !trace.runs.some((run) => isMeasured(run, probe)));
}

const LAYER_SIGNAL_NAMES: ReadonlySet<Probe> = new Set(LAYER_SIGNALS);

function isLayerSignal(probe: Probe): probe is LayerSignal {
  return LAYER_SIGNAL_NAMES.has(probe);
}
