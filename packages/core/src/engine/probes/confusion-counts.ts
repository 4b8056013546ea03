// How often each class is taken for which, over the batches of one part and epoch.

import { predictedClass } from "../reference/accuracy.ts";
import type { Matrix, Numbers } from "./matrix.ts";

export class ConfusionCounts {
  readonly classes: number;
  /** (classes, classes): true class, predicted class. */
  readonly counts: Uint32Array;

  constructor(classes: number) {
    this.classes = classes;
    this.counts = new Uint32Array(classes * classes);
  }

  add({ values, rows, columns, stride }: Matrix, labels: Numbers): void {
    for (let row = 0; row < rows; row++) {
      const predicted = predictedClass(values, row * stride, columns);
      this.counts[labels[row] * this.classes + predicted]++;
    }
  }
}
