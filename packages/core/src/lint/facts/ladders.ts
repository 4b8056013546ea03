// Columns whose values are steps of one ladder, no two alike: row numbers, keys, timestamps.

import type { Dataset } from "../../dataset/dataset.ts";
import type { SortedColumn } from "./sorted-columns.ts";

export interface LadderFacts {
  readonly column: string;
  /** Steps from the lowest to the highest value, both counted. */
  readonly steps: number;
  readonly rows: number;
}

/** How far from a whole number of steps a gap may be: float32 rounding of standardized values. */
const TOLERANCE = 0.1;
/** A part of the rows leaves gaps; a column that fills less than a third of its ladder is no key. */
const MOST_STEPS_PER_ROW = 3;

export function ladderFacts(
  sorted: readonly SortedColumn[],
  byColumn: readonly Float32Array[],
  { columns, train }: Pick<Dataset, "columns" | "train">,
): LadderFacts[] {
  return columns.flatMap(({ name }, j) => {
    // The sample refuses almost every column before all rows are sorted.
    if (stepsOf(sorted[j].values) === undefined) return [];
    const steps = stepsOf(Float64Array.from(byColumn[j]).sort());
    if (steps === undefined || steps > MOST_STEPS_PER_ROW * train.rows) return [];
    return [{ column: name, steps, rows: train.rows }];
  });
}

/** Undefined where two values are equal or a gap is no whole number of steps. */
function stepsOf(ascending: Float64Array): number | undefined {
  if (ascending.length < 2) return undefined;
  const gaps = Float64Array.from(
    { length: ascending.length - 1 },
    (_, i) => ascending[i + 1] - ascending[i],
  );
  const smallest = gaps.reduce((least, gap) => Math.min(least, gap));
  if (!(smallest > 0)) return undefined;
  const whole = gaps.reduce((sum, gap) => sum + Math.round(gap / smallest), 0);
  const step = (ascending[ascending.length - 1] - ascending[0]) / whole;
  const isWhole = (gap: number) => Math.abs(gap / step - Math.round(gap / step)) <= TOLERANCE;
  return gaps.every(isWhole) ? whole + 1 : undefined;
}
