// Steps that leave columns out.

import { type Fit, keeping, UnfitColumns } from "./fitted-step.ts";
import { meanOf } from "./scaling.ts";

/** Columns with a value other than their first: scikit-learn's VarianceThreshold. */
export const dropConstant: Fit = ({ names, present }) => {
  const kept = [...names.keys()].filter((j) => {
    const values = present(j);
    return values.some((value) => value !== values[0]);
  });
  if (kept.length === 0)
    throw new UnfitColumns("dropConstant leaves no column; every one is constant");
  return keeping(names, kept);
};

/**
 * From left to right, a column is left out if it correlates with one that is kept: |r| of Pearson
 * above the limit, over the rows in which both have a value, as pandas's `DataFrame.corr` does.
 */
export function dropCorrelated({ above }: { readonly above: number }): Fit {
  return (data) => {
    const kept: number[] = [];
    for (let j = 0; j < data.names.length; j++) {
      const repeats = kept.some((i) => Math.abs(correlation(data, i, j)) > above);
      if (!repeats) kept.push(j);
    }
    return keeping(data.names, kept);
  };
}

/** NaN for columns without spread. */
function correlation({ rows, value }: Parameters<Fit>[0], i: number, j: number): number {
  const [a, b] = [new Float64Array(rows), new Float64Array(rows)];
  let n = 0;
  for (let row = 0; row < rows; row++) {
    a[n] = value(row, i);
    b[n] = value(row, j);
    if (!Number.isNaN(a[n] + b[n])) n++;
  }
  const [x, y] = [a.subarray(0, n), b.subarray(0, n)];
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    xx += (x[k] - meanX) ** 2;
    yy += (y[k] - meanY) ** 2;
    xy += (x[k] - meanX) * (y[k] - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}
