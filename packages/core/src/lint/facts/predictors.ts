// How well each column tells the label by itself: the leave-one-out accuracy of the nearest other
// row in that column. It needs no fit and no threshold, and sees a column that is not monotone.

import type { Dataset } from "../../dataset/dataset.ts";
import type { SortedColumn } from "./sorted-columns.ts";

export interface PredictorFacts {
  readonly column: string;
  /** Share of the sampled rows. */
  readonly accuracy: number;
  readonly rows: number;
}

export function predictorFacts(
  sorted: readonly SortedColumn[],
  { columns, classes }: Pick<Dataset, "columns" | "classes">,
): PredictorFacts[] {
  return columns.map(({ name }, j) => {
    const { values, labels } = sorted[j];
    return {
      column: name,
      accuracy: neighbourHits(values, labels, classes.length) / values.length,
      rows: values.length,
    };
  });
}

function neighbourHits(values: Float64Array, labels: Float64Array, classes: number): number {
  let hits = 0;
  const counts = new Int32Array(classes);
  for (let first = 0; first < values.length; ) {
    let end = first + 1;
    while (end < values.length && values[end] === values[first]) end++;
    // Rows of equal value ask each other; a row that is alone asks the nearer of its neighbours.
    if (end - first > 1) {
      counts.fill(0);
      for (let i = first; i < end; i++) counts[labels[i]]++;
      for (let i = first; i < end; i++) {
        counts[labels[i]]--;
        if (counts.indexOf(Math.max(...counts)) === labels[i]) hits++;
        counts[labels[i]]++;
      }
    } else {
      const below = first === 0 ? Number.POSITIVE_INFINITY : values[first] - values[first - 1];
      const above = end === values.length ? Number.POSITIVE_INFINITY : values[end] - values[first];
      if (labels[below <= above ? first - 1 : end] === labels[first]) hits++;
    }
    first = end;
  }
  return hits;
}
