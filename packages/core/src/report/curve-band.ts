// Curves over seeds: the median run and a band around it.

import { sortedQuantile } from "../shared/statistics.ts";
import type { CurveBand } from "./report.ts";

/** The band holds four runs of five; its ends are quantiles of the runs that are still finite. */
const BAND = { low: 0.1, high: 0.9 } as const;

/** Epoch by epoch over the runs that have a finite value there: a diverged run leaves the band. */
export function curveBand(curves: readonly Float32Array[]): CurveBand {
  const epochs = Math.max(...curves.map((curve) => curve.length));
  const band = { median: [], low: [], high: [] } as Record<keyof CurveBand, (number | null)[]>;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const values = Float64Array.from(curves, (curve) => curve[epoch] ?? Number.NaN)
      .filter(Number.isFinite)
      .sort();
    band.median.push(curveValue(sortedQuantile(values, 0.5)));
    band.low.push(curveValue(sortedQuantile(values, BAND.low)));
    band.high.push(curveValue(sortedQuantile(values, BAND.high)));
  }
  return band;
}

/** Seven significant digits: what a float32 holds. The rest would only make the file longer. */
function curveValue(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
