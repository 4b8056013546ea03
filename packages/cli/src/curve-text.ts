// A learning curve as a line under the line of progress.

import { ownSparkline, shortNumber } from "@convergence-lab/core";
import { printable } from "./terminal.ts";

/** Characters of a curve, one for each of its points. */
export const CURVE_CELLS = 24;

export interface ShownCurve {
  /** Whose it is, as many letters as the others' names of the same lines. */
  readonly name: string;
  readonly metric: string;
  /** At evenly spaced epochs, the first and the last among them. */
  readonly values: readonly (number | null)[];
  readonly epochs: number;
  /** What else to say of it. */
  readonly says?: string;
}

/** "  best  ▇▅▃▂▁▁  valLoss 0.693 to 0.412, epoch 50  lr=0.01"; undefined where no value is finite. */
export function curveText(shown: ShownCurve): string | undefined {
  const { name, metric, values, epochs, says = "" } = shown;
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  const curve = ownSparkline(values, CURVE_CELLS).padEnd(CURVE_CELLS);
  const [first, last] = [known[0], known[known.length - 1]].map((value) => shortNumber(value));
  const numbers = `${metric} ${first} to ${last}, epoch ${epochs.toLocaleString("en")}`;
  return printable(["", name, curve, numbers, says].join("  ").trimEnd());
}
