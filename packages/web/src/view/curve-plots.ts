// The curves of a population -> plots: loss or accuracy of every variant, and of one variant the
// gradient's norm and the share of dead units by layer. Each says its finding in a sentence.

import { type Metric, percent, shortNumber } from "@convergence-lab/core";
import type { Band, OpenedVariant, VariantCurves } from "../messages.ts";
import { capital, METRIC_NAMES } from "./metric-names.ts";
import type { Plot } from "./plot-figure.ts";

export function metricPlot(
  curves: readonly VariantCurves[],
  metric: Metric,
  opened: readonly OpenedVariant[],
): Plot | undefined {
  const shown = curves.filter((variant) => variant.metrics[metric] !== undefined);
  if (shown.length === 0) return undefined;
  const level = opened[0]?.chance[metric];
  return {
    description: metricSays(shown, metric, level),
    xLabel: "epoch",
    yLabel: METRIC_NAMES[metric],
    lines: shown.map(({ name, metrics }) => lineOf(nameOf(name, shown.length), metrics[metric]!)),
    reference: level === undefined ? undefined : { value: level, label: "best constant predictor" },
  };
}

/** One variant needs no name beside its line but the metric's own. */
function nameOf(variant: string, variants: number): string {
  return variants === 1 ? "median" : variant;
}

function metricSays(
  shown: readonly VariantCurves[],
  metric: Metric,
  level: number | undefined,
): string {
  const name = capital(METRIC_NAMES[metric]);
  const against =
    level === undefined ? "" : `; the best constant predictor has ${shortNumber(level)}`;
  if (shown.length === 1) {
    const [{ metrics, runs }] = shown;
    const { median, low, high } = metrics[metric]!;
    const [from, to] = [median[0], median.at(-1)!].map((value) => shortNumber(value));
    const band = `${shortNumber(low.at(-1)!)} to ${shortNumber(high.at(-1)!)}`;
    return `${name} goes from ${from} to ${to} in ${median.length} epochs, the median of ${runs} seeds; four of five end within ${band}${against}.`;
  }
  const ends = shown.map(
    ({ name: variant, metrics }) => `${variant} ${shortNumber(metrics[metric]!.median.at(-1)!)}`,
  );
  const epochs = Math.max(...shown.map(({ metrics }) => metrics[metric]!.median.length));
  return `${name} after ${epochs} epochs, medians over seeds: ${ends.join(", ")}${against}.`;
}

export function gradientPlot({ gradientNorm, everySteps }: VariantCurves): Plot | undefined {
  const layers = known(gradientNorm);
  if (layers.length === 0) return undefined;
  const [first, last] = [layers[0], layers.at(-1)!].map(({ band }) => lastOf(band));
  const share = layers.length > 1 && last > 0 ? `, ${percent(first / last)} of it` : "";
  return {
    description:
      layers.length > 1
        ? `Gradient norm by layer, last values: the output's is ${shortNumber(last)}, that of layer 1 ${shortNumber(first)}${share}.`
        : `The gradient's norm ends at ${shortNumber(last)}.`,
    yLabel: "gradient norm by layer",
    ...overSteps(layers, everySteps, gradientNorm.length),
  };
}

export function deadPlot({ deadShare, everySteps }: VariantCurves): Plot | undefined {
  // An output that is 0 is an answer, and nothing is dead for it.
  const layers = known(deadShare.slice(0, -1));
  if (layers.length === 0) return undefined;
  const ends = layers.map(
    ({ band, layer }) => `${layerName(layer, deadShare.length)} ${percent(lastOf(band))}`,
  );
  return {
    description: `Units that are 0 for every row of a batch, at the end: ${ends.join(", ")}.`,
    yLabel: "share of dead units",
    ...overSteps(layers, everySteps, deadShare.length),
  };
}

interface KnownLayer {
  readonly layer: number;
  readonly band: Band;
}

function known(bands: readonly (Band | null)[]): KnownLayer[] {
  return bands.flatMap((band, layer) => (band === null ? [] : [{ layer, band }]));
}

function overSteps(layers: readonly KnownLayer[], everySteps: number, total: number) {
  const length = Math.max(...layers.map(({ band }) => band.median.length));
  return {
    xLabel: "training step",
    lines: layers.map(({ layer, band }) => lineOf(layerName(layer, total), band)),
    xTicks: stepTicks(length, everySteps),
    placeOf: (i: number) => i * everySteps,
  };
}

/** Round steps under an axis on which the i-th value, from 1, is that of step (i - 1) * everySteps. */
export function stepTicks(length: number, everySteps: number) {
  const total = (length - 1) * everySteps;
  const rough = Math.max(1, total / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const ticks = [];
  for (let at = 0; at <= total; at += step)
    ticks.push({ at: at / everySteps + 1, label: String(at) });
  return ticks;
}

function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? "output" : `layer ${layer + 1}`;
}

function lineOf(name: string, { median, low, high }: Band) {
  const values = (column: Float32Array) =>
    Array.from(column, (value) => (Number.isFinite(value) ? value : null));
  return { name, values: values(median), low: values(low), high: values(high) };
}

/** The last value that is there. */
function lastOf({ median }: Band): number {
  return median.findLast(Number.isFinite) ?? 0;
}
