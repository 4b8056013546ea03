// What make-circles and make-moons share: points spread evenly over two arcs.

import { checkRowCount } from "./generated-data.ts";

/** Rows on the outer and on the inner curve; of a single number the inner one gets the odd row. */
export function outerAndInnerRows(rows: number | readonly [number, number]): {
  outer: number;
  inner: number;
} {
  if (typeof rows === "number") {
    checkRowCount("rows", rows);
    const outer = Math.floor(rows / 2);
    return { outer, inner: rows - outer };
  }
  checkRowCount("rows[0]", rows[0]);
  checkRowCount("rows[1]", rows[1]);
  return { outer: rows[0], inner: rows[1] };
}

/** `count` angles in radians, evenly from 0 to `end`, with or without `end` itself (`np.linspace`). */
export function angles(end: number, count: number, withEnd: boolean): Float64Array {
  const steps = withEnd ? count - 1 : count;
  const values = Float64Array.from({ length: count }, (_, i) => i * (end / Math.max(steps, 1)));
  if (withEnd && count > 1) values[count - 1] = end;
  return values;
}
