// Which columns of numbers say the same: Pearson's r of all pairs, by rows that are evenly spaced
// where there are many, and by the first columns where there are thousands.

import type { NumberColumn } from "../tables/columns/raw-table.ts";
import type { Correlations } from "./inspection.ts";

/** 300 columns are 44,850 pairs. */
const MOST_COLUMNS = 300;
/** The standard error of r = 0 from 10,000 rows is 0.01. */
const MOST_ROWS = 10_000;
const LISTED = 20;
/** Weaker ones say little: r^2 = 0.09. */
const WEAKEST = 0.3;

export function columnCorrelations(all: readonly NumberColumn[], rows: number): Correlations {
  const step = Math.max(1, Math.ceil(rows / MOST_ROWS));
  const sampled = Math.ceil(rows / step);
  const columns = all.slice(0, MOST_COLUMNS).map(({ name, values }) => ({
    name,
    values: Float64Array.from({ length: sampled }, (_, i) => values[i * step]),
  }));
  const pairs = columns.flatMap((a, i) =>
    columns.slice(i + 1).flatMap((b) => {
      const r = correlation(a.values, b.values);
      return Math.abs(r) >= WEAKEST ? [{ a: a.name, b: b.name, r }] : [];
    }),
  );
  const strongest = pairs.sort((a, b) => Math.abs(b.r) - Math.abs(a.r)).slice(0, LISTED);
  return { strongest, columns: columns.length, rows: sampled };
}

/** Over the rows that have both; NaN without spread. */
function correlation(x: Float64Array, y: Float64Array): number {
  let [n, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  // Welford's update keeps its digits where means are large.
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i] + y[i])) continue;
    n++;
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    meanX += dx / n;
    meanY += dy / n;
    xx += dx * (x[i] - meanX);
    yy += dy * (y[i] - meanY);
    xy += dx * (y[i] - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}
