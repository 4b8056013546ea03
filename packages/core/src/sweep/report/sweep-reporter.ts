// A sweep and a stream of its records -> its part of a report. Each record is seen once, and what is
// held does not grow with the sweep beyond the sample.

import { contentHash } from "../../shared/content-hash.ts";
import { sortedQuantile } from "../../shared/statistics.ts";
import { sweepHash } from "../parse-sweep.ts";
import { SweepSummary } from "../summary.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialCurve } from "../trial-curve.ts";
import type { TrialRecord } from "../trial-record.ts";
import { runsPerTrial, trialCount } from "../trials.ts";
import { importanceOf } from "./importance.ts";
import { levelsOf, type TrialsOfLevel } from "./levels.ts";
import { placesOf } from "./places.ts";
import type { BestTrial, Level, ParameterReport, ShownTrial, SweptReport } from "./sweep-report.ts";
import { type SampledTrial, TrialSample } from "./trial-sample.ts";
import { TrialValues } from "./trial-values.ts";

/** Of each sweep. */
const MOST_BEST = 20;
/** More lines than this are a grey area, and several hundred kilobytes. */
const MOST_SHOWN = 300;

export interface ReportedFolders {
  readonly name: string;
  readonly folders: readonly string[];
  /** The learning curve of a trial, where there is one. */
  readonly curveOf?: (trial: number) => TrialCurve | undefined;
}

export class SweepReporter {
  readonly #sweep: Sweep;
  readonly #summary: SweepSummary;
  readonly #sample: TrialSample;
  readonly #engines = new Set<string>();
  #withoutValue = 0;

  constructor(sweep: Sweep) {
    this.#sweep = sweep;
    this.#summary = new SweepSummary(sweep, MOST_BEST);
    this.#sample = new TrialSample(trialCount(sweep));
  }

  /** No trial may come twice. */
  add(record: TrialRecord): void {
    this.#summary.add(record);
    this.#sample.add(record);
    this.#engines.add(`${record.engine}, ${record.adapter}`);
    if (record.value === null) this.#withoutValue++;
  }

  report({ name, folders, curveOf = () => undefined }: ReportedFolders): SweptReport {
    const sweep = this.#sweep;
    const { states, finished, best } = this.#summary;
    const { trials } = this.#sample;
    return {
      name,
      sweep: sweepHash(sweep),
      data: contentHash(sweep.spec.data),
      folders,
      engines: [...this.#engines].sort(),
      networks: runsPerTrial(sweep),
      trials: {
        total: trialCount(sweep),
        finished,
        withoutValue: this.#withoutValue,
        ...states,
      },
      best: bestTrials(sweep, best, curveOf),
      parameters: parameterReports(sweep, trials),
      sampled: trials.length,
      shown: someOf(trials),
    };
  }
}

function bestTrials(
  sweep: Sweep,
  best: readonly TrialRecord[],
  curveOf: (trial: number) => TrialCurve | undefined,
): BestTrial[] {
  const values = new TrialValues(sweep);
  return best.map((record, i) => {
    const { index, id, state, value, epochs, params } = record;
    const own = [...values.of(record).values()];
    const behind = i === 0 ? null : values.difference(best[0], record);
    const curve = curveOf(index);
    return {
      ...{ index, id, state, value, epochs, params },
      ...{ ci95: values.interval(own), n: own.length, behind },
      curve: curve === undefined ? null : { epochs: curve.epochs, medians: curve.medians },
    };
  });
}

function parameterReports(sweep: Sweep, trials: readonly SampledTrial[]): ParameterReport[] {
  const places = placesOf(sweep, trials);
  const placeOf = (trial: SampledTrial) => places.get(trial)!;
  return sweep.parameters.map((parameter) => {
    const levels = levelsOf(parameter, trials);
    return {
      name: parameter.name,
      importance: importanceOf(levels.map((level) => level.trials.map(placeOf))),
      n: levels.reduce((sum, level) => sum + level.trials.length, 0),
      levels: levels.map((level) => levelReport(sweep, level, placeOf)),
    };
  });
}

function levelReport(
  { metric }: Sweep,
  { label, range, trials }: TrialsOfLevel,
  placeOf: (trial: SampledTrial) => number,
): Level {
  const values = ascending(trials.flatMap(({ value }) => (value === null ? [] : [value])));
  const at = (p: number) => sortedQuantile(values, p);
  const isNone = values.length === 0;
  return {
    label,
    ...(range === undefined ? {} : { range }),
    trials: trials.length,
    withoutValue: trials.length - values.length,
    median: isNone ? null : at(0.5),
    spread: isNone ? null : [at(0.1), at(0.9)],
    best: isNone ? null : at(metric.goal === "minimize" ? 0 : 1),
    place: sortedQuantile(ascending(trials.map(placeOf)), 0.5),
  };
}

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** Spread over the whole sweep. */
function someOf(trials: readonly SampledTrial[]): ShownTrial[] {
  const count = Math.min(trials.length, MOST_SHOWN);
  return Array.from({ length: count }, (_, i) => {
    const { index, params, value } = trials[Math.floor((i * trials.length) / count)];
    return { index, params, value };
  });
}
