// Numbers of runs -> their summary in a report.

import { finiteOrNull } from "../claims/judged-part.ts";
import { mean, meanInterval, median, sampleSd } from "../shared/statistics.ts";
import type { Summary } from "./report.ts";

/** The summary of any numbers; those that are not finite are counted and left out. */
export function summarize(values: readonly number[]): Summary {
  const finite = values.filter(Number.isFinite);
  return {
    n: values.length,
    nonFinite: values.length - finite.length,
    mean: finiteOrNull(mean(finite)),
    sd: finiteOrNull(sampleSd(finite)),
    median: finiteOrNull(median(finite)),
    min: finite.length > 0 ? Math.min(...finite) : null,
    max: finite.length > 0 ? Math.max(...finite) : null,
    ci95: meanInterval(finite) ?? null,
  };
}
