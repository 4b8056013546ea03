// Trace -> Report. A pure function: the same trace gives the same report, byte for byte. Nothing in
// a report is NaN or infinite, because JSON has no such numbers; null stands where there is none.

import { behaves } from "../claims/behaviors.ts";
import { finalValue } from "../claims/final-value.ts";
import { judgeClaims } from "../claims/judge-claims.ts";
import { finiteOrNull, reportInterval } from "../claims/judged-part.ts";
import { type Axis, seedAxes } from "../claims/seed-axes.ts";
import { isCrossValidated } from "../compile/population.ts";
import type { Finding } from "../lint/finding.ts";
import {
  MIN_FOR_MEDIAN_INTERVAL,
  median,
  medianInterval,
  wilsonInterval,
} from "../shared/statistics.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { type Behavior, METRICS, type Metric } from "../spec/spec.ts";
import { askedProbes, unmeasuredProbes } from "../trace/signals.ts";
import type { Trace, TraceRun, TraceVariant } from "../trace/trace.ts";
import { curveBand } from "./curve-band.ts";
import { foldsOf, summaryOverFolds } from "./over-folds.ts";
import { probedSignals } from "./probed-signals.ts";
import type {
  CurveBand,
  MedianDifference,
  Proof,
  Rate,
  Report,
  Summary,
  VariantReport,
} from "./report.ts";
import { dataText, trainingText } from "./settings-text.ts";
import { summarize } from "./summarize.ts";

export function makeReport(
  trace: Trace,
  findings: readonly Finding[],
  proofs: readonly Proof[] = [],
): Report {
  const { spec, engine } = trace;
  const variants = variantReports(trace);
  const crossValidation = Object.values(variants).find(({ folds }) => folds !== undefined)?.folds;
  return {
    version: 1,
    name: spec.name,
    title: spec.title ?? spec.name,
    engine,
    seeds: {
      training: distinct(runsAsWritten(trace).map((run) => run.trainingSeed)),
      data: distinct(trace.runs.map((run) => run.dataSeed)),
      ...(crossValidation === undefined ? {} : { folds: crossValidation }),
    },
    runs: { planned: trace.planned, finished: trace.runs.length },
    variants,
    claims: judgeClaims(trace),
    findings,
    proofs,
    probes: { asked: askedProbes(trace), notMeasured: unmeasuredProbes(trace) },
  };
}

function runsAsWritten(trace: Trace): TraceRun[] {
  return trace.runs.filter((run) => run.dataSeed === 0);
}

function distinct(seeds: readonly number[]): number[] {
  return [...new Set(seeds)].sort((a, b) => a - b);
}

function variantReports(trace: Trace): Record<string, VariantReport> {
  const settings = new Map(
    resolveVariants(trace.spec).map((variant) => {
      const { name, data, train } = variant;
      const folds = isCrossValidated(trace.spec, variant) ? foldsOf(data) : undefined;
      return [name, { data: dataText(data), training: trainingText(train), folds }];
    }),
  );
  const axes = seedAxes(trace);
  return Object.fromEntries(
    trace.variants.map((variant) => {
      const { data = "", training = "", folds } = settings.get(variant.name) ?? {};
      const asWritten = folds === undefined ? runsAsWritten(trace) : trace.runs;
      const runs = asWritten.filter((run) => run.variant === variant.name);
      const report: VariantReport = {
        ...variant,
        settings: { data, training },
        ...(folds === undefined ? {} : { folds }),
        final: perMetric((metric) =>
          folds === undefined ? finalSummary(runs, metric) : summaryOverFolds(runs, metric, folds),
        ),
        chance: runs.length > 0 ? runs[0].chance : null,
        againstChance: againstChance(variant, axes),
        converged: rate(runs, "converges"),
        diverged: rate(runs, "diverges"),
        curves: curveBands(runs),
        ...probedSignals(runs),
      };
      return [variant.name, report];
    }),
  );
}

function perMetric<T>(make: (metric: Metric) => T): Record<Metric, T> {
  return Object.fromEntries(METRICS.map((metric) => [metric, make(metric)])) as Record<Metric, T>;
}

function finalSummary(runs: readonly TraceRun[], metric: Metric): Summary {
  const measured = runs
    .map((run) => finalValue(run, metric))
    .filter((value) => value !== undefined);
  return summarize(measured);
}

function rate(runs: readonly TraceRun[], behavior: Behavior): Rate {
  const answers = runs
    .map((run) => behaves(run, behavior))
    .filter((answer) => answer !== undefined);
  const k = answers.filter((answer) => answer).length;
  return { k, n: answers.length, ci95: wilsonInterval(k, answers.length) };
}

/**
 * Curves are float32 and chance levels float64: a network that answers as the constant does has
 * its accuracy up to rounding, and that must not read as a difference. Four units in the last place.
 */
const FLOAT32_NOISE = 2 ** -21;

/** How far each variant is from what a constant reaches, paired with the constant of its data. */
function againstChance(
  variant: TraceVariant,
  [training, data]: readonly [Axis, Axis],
): VariantReport["againstChance"] {
  const enough = data.runsOf(variant.name).size >= MIN_FOR_MEDIAN_INTERVAL;
  const axis = enough ? data : training;
  const runs = [...axis.runsOf(variant.name).values()];
  const entries = METRICS.flatMap((metric): [Metric, MedianDifference][] => {
    const differences = runs.flatMap((run) => {
      const value = finalValue(run, metric);
      const constant = run.chance[metric];
      if (value === undefined || constant === undefined) return [];
      const difference = value - constant;
      return [Math.abs(difference) <= FLOAT32_NOISE * Math.abs(constant) ? 0 : difference];
    });
    if (differences.length === 0) return [];
    const effect = finiteOrNull(median(differences));
    const ci95 = reportInterval(medianInterval(differences)?.interval);
    return [[metric, { effect, ci95, n: differences.length, over: axis.over }]];
  });
  return Object.fromEntries(entries);
}

function curveBands(runs: readonly TraceRun[]): VariantReport["curves"] {
  const entries = METRICS.flatMap((metric): [Metric, CurveBand][] => {
    const curves = runs.map((run) => run.signals[metric]).filter((curve) => curve !== undefined);
    return curves.length === 0 ? [] : [[metric, curveBand(curves)]];
  });
  return Object.fromEntries(entries);
}
