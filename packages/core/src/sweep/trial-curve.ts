// How a trial learned, as one line of JSON beside its record: some of its epochs, and for each the
// median of every metric over the trial's networks. Like the record it holds nothing that another
// machine or another division of the work would write otherwise.

import { worstValue } from "../claims/final-value.ts";
import { evenlySpaced } from "../shared/evenly-spaced.ts";
import { median } from "../shared/statistics.ts";
import { METRICS, type Metric } from "../spec/spec.ts";
import type { TraceRun } from "../trace/trace.ts";
import type { DrawnTrial } from "./sweep.ts";

export interface TrialCurve {
  /** The trial's. */
  readonly index: number;
  readonly id: string;
  /** From 1, evenly spaced; the first and the last are among them. */
  readonly epochs: readonly number[];
  /**
   * Of every metric that was measured, one value for each of the epochs; null where the network in
   * the middle has none that is finite.
   */
  readonly medians: Readonly<Partial<Record<Metric, readonly (number | null)[]>>>;
}

/** More points than this a plot does not show and a hundred thousand trials do not carry. */
const MOST_POINTS = 100;

/**
 * A network that diverged counts as the worst from there on, and one that stopped early keeps what
 * it had: otherwise the median would be of other networks from epoch to epoch.
 */
export function trialCurve(
  { index, id }: Pick<DrawnTrial, "index" | "id">,
  runs: readonly TraceRun[],
): TrialCurve {
  const length = Math.max(...runs.map(({ signals }) => signals.loss?.length ?? 0));
  const epochs = evenlySpaced(length, MOST_POINTS).map((place) => place + 1);
  const measured = METRICS.filter((metric) =>
    runs.some(({ signals }) => signals[metric] !== undefined),
  );
  const medianOf = (metric: Metric, epoch: number) =>
    plain(median(runs.map((run) => valueAt(run, metric, epoch))));
  return {
    index,
    id,
    epochs,
    medians: Object.fromEntries(
      measured.map((metric) => [metric, epochs.map((epoch) => medianOf(metric, epoch))]),
    ),
  };
}

/** The line of a trial's curve, without the line end. */
export function curveLine(curve: TrialCurve): string {
  return JSON.stringify(curve);
}

/** @throws Error for text that is no such line. */
export function parseCurve(line: string): TrialCurve {
  const curve = JSON.parse(line) as TrialCurve;
  if (!Number.isInteger(curve?.index) || !Array.isArray(curve.epochs)) {
    throw new Error("it is no line of a sweep's curves");
  }
  return curve;
}

/** One value for every epoch, on straight lines between those that are known. */
export function everyEpoch(
  { epochs, medians }: Pick<TrialCurve, "epochs" | "medians">,
  metric: Metric,
): (number | null)[] {
  const known = medians[metric] ?? [];
  const values = new Array<number | null>(epochs.at(-1) ?? 0).fill(null);
  for (const [i, epoch] of epochs.entries()) {
    const value = known[i] ?? null;
    values[epoch - 1] = value;
    const before = i === 0 ? null : (known[i - 1] ?? null);
    if (before === null || value === null) continue;
    const from = epochs[i - 1];
    for (let between = from + 1; between < epoch; between++) {
      values[between - 1] = before + ((value - before) * (between - from)) / (epoch - from);
    }
  }
  return values;
}

function valueAt({ status, signals }: TraceRun, metric: Metric, epoch: number): number {
  const values = signals[metric];
  const worst = worstValue(metric);
  if (values === undefined || values.length === 0) return worst;
  if (epoch > values.length && status === "diverged") return worst;
  const value = values[Math.min(epoch, values.length) - 1];
  return Number.isFinite(value) ? value : worst;
}

/** Four digits are finer than a pixel of any plot. */
function plain(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
