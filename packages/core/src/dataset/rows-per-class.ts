// Whether a class has rows enough to learn from.

import type { Dataset } from "./dataset.ts";

/** Of a class. With 9 rows even all right leaves 28% error possible (one-sided 95%). */
export const MIN_CLASS_ROWS = 10;

/** Whether the classes have so many training rows on average, or so many times as many. */
export function hasRowsPerClass(
  { train, classes }: Pick<Dataset, "train" | "classes">,
  times = 1,
): boolean {
  return train.rows >= times * MIN_CLASS_ROWS * classes.length;
}
