// What follows from the signals of several layers, or of several signals of one.

import type { LayerSignal } from "../../spec/probe-names.ts";
import { type LayerSeries, type LayerValue, layerSeries, seriesByLayer } from "../signals.ts";
import type { TraceRun } from "../trace.ts";
import { latestMedian } from "./series.ts";

/**
 * Norm of the kernel's change over the norm of the kernel, per probed step: about 1e-3 in a healthy
 * network (Karpathy, CS231n notes, "Ratio of weights:updates"). 0 where neither is anything.
 */
export function updateRatios(run: TraceRun): LayerSeries[] | undefined {
  return combined(run, "updateNorm", (layer) => layerSeries(run, "weightNorm", layer));
}

/** Each layer's gradient norm over that of the output layer: what is left of it on the way back. */
export function gradientRatios(run: TraceRun): LayerSeries[] | undefined {
  const last = layerSeries(run, "gradientNorm", -1);
  return combined(run, "gradientNorm", () => last);
}

/** The median of each layer's last `window` probes, at the step of the last. */
export function latestMedians(
  run: TraceRun,
  signal: LayerSignal,
  window: number,
): LayerValue[] | undefined {
  const medians = seriesByLayer(run, signal)?.flatMap(({ layer, everySteps, values }) => {
    const value = latestMedian(values, window);
    return value === undefined ? [] : [{ layer, step: (values.length - 1) * everySteps, value }];
  });
  return medians?.length ? medians : undefined;
}

/** Every layer's series of a signal over another series; undefined where one of them is missing. */
function combined(
  run: TraceRun,
  signal: LayerSignal,
  divisorOf: (layer: number) => LayerSeries | undefined,
): LayerSeries[] | undefined {
  const ratios = seriesByLayer(run, signal)?.flatMap((series) => {
    const divisor = divisorOf(series.layer)?.values;
    if (divisor === undefined) return [];
    return [{ ...series, values: series.values.map((value, i) => ratio(value, divisor[i])) }];
  });
  return ratios?.length ? ratios : undefined;
}

function ratio(value: number, divisor: number): number {
  return value === 0 && divisor === 0 ? 0 : value / divisor;
}
