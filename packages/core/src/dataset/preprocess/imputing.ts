// Steps that put a value in the place of a missing one: scikit-learn's SimpleImputer.

import { sortedQuantile } from "../../shared/statistics.ts";
import { columnwise, type Fit, type FittedStep } from "./fitted-step.ts";
import { meanOf } from "./scaling.ts";

export type ImputeStrategy = "mean" | "median" | "mostFrequent" | "constant";

export interface ImputeSettings {
  readonly strategy: ImputeStrategy;
  /** Of the strategy constant. */
  readonly value: number;
  readonly indicator: boolean;
}

/** A column without any value stays missing: there is nothing to fill it with. */
export function impute({ strategy, value, indicator }: ImputeSettings): Fit {
  const replacementOf = (present: Float64Array) =>
    strategy === "constant" ? value : STATISTICS[strategy](present);
  const filling = columnwise((present) => {
    const replacement = replacementOf(present);
    return (cell) => (Number.isNaN(cell) ? replacement : cell);
  });
  if (!indicator) return filling;
  return (data) => withIndicators(filling(data), data);
}

const STATISTICS: Readonly<
  Record<Exclude<ImputeStrategy, "constant">, (present: Float64Array) => number>
> = {
  mean: meanOf,
  median: (present) => sortedQuantile(present.slice().sort(), 0.5),
  mostFrequent,
};

/** Of values that are equally frequent the smallest, as scikit-learn's `_most_frequent` has it. */
function mostFrequent(present: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = Number.NaN;
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most || (count === most && value < best)) {
      best = value;
      most = count;
    }
  }
  return best;
}

/** A 0/1 column more for each that had missing values when it was fitted (MissingIndicator). */
function withIndicators(
  filled: FittedStep,
  { names, rows, present }: Parameters<Fit>[0],
): FittedStep {
  const flagged = [...names.keys()].filter((j) => present(j).length < rows);
  return {
    outputs: [...filled.outputs, ...flagged.map((j) => ({ name: `missingindicator_${names[j]}` }))],
    apply(row, out) {
      filled.apply(row, out);
      flagged.forEach((j, k) => {
        out[names.length + k] = Number.isNaN(row[j]) ? 1 : 0;
      });
    },
  };
}
