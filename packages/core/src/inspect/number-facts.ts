// One column of numbers in a few: range, quartiles, spread, and a histogram.

import { sortedQuantile } from "../shared/statistics.ts";
import type { NumberColumn } from "../tables/columns/raw-table.ts";
import type { NumberFacts } from "./inspection.ts";

/** As many bars as fit beside the numbers in a terminal of 80 columns. */
export const BINS = 16;

/** Missing cells and different values, and what the numbers are; none where every cell is missing. */
export function numberFacts(column: NumberColumn, placeOf: (row: number) => string) {
  const { values, odd } = column;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const n = sorted.length;
  const missing = values.length - n - (odd?.count ?? 0);
  if (n === 0) return { missing, distinct: 0 };
  const [min, max] = [sorted[0], sorted[n - 1]];
  let distinct = 1;
  let sum = 0;
  let areWhole = true;
  for (let i = 0; i < n; i++) {
    if (i > 0 && sorted[i] !== sorted[i - 1]) distinct++;
    sum += sorted[i];
    if (areWhole && !Number.isInteger(sorted[i])) areWhole = false;
  }
  const mean = sum / n;
  // A bar for each of a few whole numbers, so that none lies on the border of two.
  const bins = areWhole && max - min < BINS ? max - min + 1 : BINS;
  const histogram = new Array<number>(bins).fill(0);
  const scale = bins === BINS ? BINS / (max - min || 1) : 1;
  let squares = 0;
  for (const value of sorted) {
    squares += (value - mean) ** 2;
    histogram[Math.min(bins - 1, Math.floor((value - min) * scale))]++;
  }
  const numbers: NumberFacts = {
    min,
    q1: sortedQuantile(sorted, 0.25),
    median: sortedQuantile(sorted, 0.5),
    q3: sortedQuantile(sorted, 0.75),
    max,
    mean,
    sd: Math.sqrt(squares / n),
    areWhole,
    histogram,
    odd: odd === undefined ? null : { count: odd.count, at: placeOf(odd.row), text: odd.text },
  };
  return { numbers, missing, distinct };
}
