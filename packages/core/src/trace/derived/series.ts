// What a column of numbers does, whatever it holds. Values that are not finite are left out, and
// with too few left the answer is undefined: the signal was there, but it says nothing.

import { mean, median } from "../../shared/statistics.ts";

/** The median of each value and the `window - 1` before it, as many as there are. */
export function trailingMedian(values: ArrayLike<number>, window: number): Float64Array {
  return Float64Array.from(values, (_, i) => {
    const first = Math.max(0, i + 1 - window);
    return median(finite(values, first, i + 1));
  });
}

/** The median of the last `window` values; undefined when none of them is finite. */
export function latestMedian(values: ArrayLike<number>, window: number): number | undefined {
  const last = finite(values, Math.max(0, values.length - window), values.length);
  return last.length === 0 ? undefined : median(last);
}

/** Where the stretch begins that lasts to the end and in which all values do this; undefined: none. */
export function holdsSince(
  values: ArrayLike<number>,
  holds: (value: number) => boolean,
): number | undefined {
  let first = values.length;
  while (first > 0 && holds(values[first - 1])) first--;
  return first === values.length ? undefined : first;
}

export interface Trend {
  /** Per value. */
  readonly slope: number;
  /** Of the slope, if the residuals were independent; neighbours on a loss curve seldom are. */
  readonly standardError: number;
}

/** Least squares over values from `first` on; undefined with fewer than three finite ones. */
export function trend(values: ArrayLike<number>, first = 0): Trend | undefined {
  const points = Array.from(values, (y, x) => ({ x, y })).filter(
    ({ x, y }) => x >= first && Number.isFinite(y),
  );
  if (points.length < 3) return undefined;
  const [centerX, centerY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const { x, y } of points) {
    xx += (x - centerX) ** 2;
    xy += (x - centerX) * (y - centerY);
    yy += (y - centerY) ** 2;
  }
  const slope = xy / xx;
  const residuals = Math.max(0, yy - slope * xy);
  return { slope, standardError: Math.sqrt(residuals / (points.length - 2) / xx) };
}

function finite(values: ArrayLike<number>, first: number, end: number): number[] {
  const found: number[] = [];
  for (let i = first; i < end; i++) if (Number.isFinite(values[i])) found.push(values[i]);
  return found;
}
