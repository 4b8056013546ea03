// What a trial's networks came to, as numbers to compare: one of each network, or in a cross-validation
// the mean of each fold, which are what an interval counts.

import { foldsOf } from "../../report/over-folds.ts";
import { correctedInterval, type Interval, mean } from "../../shared/statistics.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialRecord } from "../trial-record.ts";

export class TrialValues {
  readonly #metric: Sweep["metric"]["name"];
  /** Of the variance of their mean, beside 1 / n. */
  readonly #testToTrain: number;
  readonly #isFolds: boolean;

  constructor({ metric, spec }: Pick<Sweep, "metric" | "spec">) {
    const folds = foldsOf(spec.data)?.folds;
    this.#metric = metric.name;
    this.#isFolds = folds !== undefined;
    this.#testToTrain = folds === undefined ? 0 : 1 / (folds - 1);
  }

  /** By network or fold; empty where the trial has no value. */
  of({ value, runs }: TrialRecord): Map<string, number> {
    const values = new Map<string, number[]>();
    for (const { trainingSeed, dataSeed, final } of value === null ? [] : runs) {
      const name = this.#isFolds ? String(dataSeed) : `${dataSeed} ${trainingSeed}`;
      const known = final[this.#metric];
      if (typeof known === "number") values.set(name, [...(values.get(name) ?? []), known]);
    }
    return new Map([...values].map(([name, several]) => [name, mean(several)]));
  }

  /** 95% of their mean; null with fewer than two. */
  interval(values: readonly number[]): Interval | null {
    return correctedInterval(values, this.#testToTrain) ?? null;
  }

  /** The other's values minus the first's, seed by seed; null where they are not of the same seeds. */
  difference(first: TrialRecord, other: TrialRecord): { mean: number; ci95: Interval } | null {
    const base = this.of(first);
    const own = this.of(other);
    if (first.epochs !== other.epochs || own.size !== base.size) return null;
    if (![...own.keys()].every((name) => base.has(name))) return null;
    const differences = [...own].map(([name, value]) => value - base.get(name)!);
    const ci95 = this.interval(differences);
    return ci95 === null ? null : { mean: mean(differences), ci95 };
  }
}
