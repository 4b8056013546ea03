// Each column as the network sees it: after preprocessing, in float32, over the training part.

import type { Dataset } from "../../dataset/dataset.ts";

export interface InputFacts {
  readonly name: string;
  /** Over the cells that are finite. */
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  /** Root mean square: what Glorot's initial weights assume to be about 1. */
  readonly rms: number;
  readonly low: Extreme;
  readonly high: Extreme;
  /** Cells that reach the network as NaN or infinite. */
  readonly notFinite: number;
}

/** The smallest or the largest value of a column. */
export interface Extreme {
  readonly value: number;
  /** Cells that have it. */
  readonly count: number;
  /** The next value on the way to the other end; the value itself where there is no other. */
  readonly next: number;
}

export function inputFacts(
  byColumn: readonly Float32Array[],
  { columns }: Pick<Dataset, "columns">,
): InputFacts[] {
  return columns.map(({ name }, j) => {
    const values = byColumn[j];
    let n = 0;
    let sum = 0;
    let low = Number.POSITIVE_INFINITY;
    let nextLow = low;
    let lowCount = 0;
    let high = Number.NEGATIVE_INFINITY;
    let nextHigh = high;
    let highCount = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      // NaN - NaN and infinity - infinity are NaN.
      if (value - value !== 0) continue;
      n++;
      sum += value;
      if (value < low) {
        nextLow = low;
        low = value;
        lowCount = 1;
      } else if (value === low) lowCount++;
      else if (value < nextLow) nextLow = value;
      if (value > high) {
        nextHigh = high;
        high = value;
        highCount = 1;
      } else if (value === high) highCount++;
      else if (value > nextHigh) nextHigh = value;
    }
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value - value === 0) squares += (value - mean) * (value - mean);
    }
    const variance = squares / n;
    return {
      name,
      mean,
      sd: Math.sqrt(variance),
      rms: Math.sqrt(mean * mean + variance),
      low: { value: low, count: lowCount, next: lowCount === n ? low : nextLow },
      high: { value: high, count: highCount, next: highCount === n ? high : nextHigh },
      notFinite: values.length - n,
    };
  });
}
