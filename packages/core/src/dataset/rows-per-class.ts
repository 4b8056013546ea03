// Whether a class has rows enough to learn from.

import type { Dataset } from "./dataset.ts";

/** Of a class. With 9 rows even all right leaves 28% error possible (one-sided 95%). */
export const MIN_CLASS_ROWS = 10;

/** Whether the classes have so many training rows on average. */
export function hasRowsPerClass({ train, classes }: Pick<Dataset, "train" | "classes">): boolean {
  return train.rows >= MIN_CLASS_ROWS * classes.length;
}
