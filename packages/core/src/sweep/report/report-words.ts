// What a sweep's report says in words and in cells of tables, the same in every rendering.

import { count, METRIC_NAMES, signed } from "../../report/summary-text.ts";
import { intervalNumbers, percent, shortNumber, withMinus } from "../../shared/number-text.ts";
import type { Interval } from "../../shared/statistics.ts";
import { paramsText } from "../params-text.ts";
import type { Sweep } from "../sweep.ts";
import type {
  BestTrial,
  Level,
  ParameterReport,
  SweepReport,
  SweptReport,
} from "./sweep-report.ts";

export const BEST_HEAD = [
  "",
  "mean",
  "95% interval",
  "behind the first",
  "epochs",
  "state",
  "parameters",
] as const;

/** By its place among the best, from 0. */
export function bestCells(trial: BestTrial, place: number): string[] {
  const { value, ci95, behind, epochs, state, params } = trial;
  const { mean, interval } = meanCells(value, ci95);
  return [
    String(place + 1),
    mean,
    interval,
    behind === null ? "\u2013" : differenceText(behind.mean, behind.ci95),
    String(epochs),
    state,
    paramsText(params),
  ];
}

function meanCells(value: number | null, ci95: Interval | null) {
  if (value === null) return { mean: "\u2013", interval: "\u2013" };
  if (ci95 === null) return { mean: shortNumber(value, 4), interval: "\u2013" };
  const [mean, low, high] = intervalNumbers(value, ...ci95).map(withMinus);
  return { mean, interval: `${low} to ${high}` };
}

/** "+0.012 (+0.003 to +0.021)" */
function differenceText(mean: number, ci95: Interval): string {
  const [middle, low, high] = intervalNumbers(mean, ...ci95).map(signed);
  return `${middle} (${low} to ${high})`;
}

export const IMPORTANCE_HEAD = ["share", "chance", "trials", "best at", "parameter"] as const;

export function importanceCells(parameter: ParameterReport): string[] {
  const { name, n, importance } = parameter;
  return [
    importance === null ? "\u2013" : percent(importance.share),
    importance === null ? "\u2013" : chanceText(importance.chance),
    n.toLocaleString("en"),
    (mayBeNothing(parameter) ? undefined : bestLevel(parameter)?.label) ?? "\u2013",
    name,
  ];
}

export function chanceText(chance: number): string {
  return chance < 0.001 ? "< 0.1%" : percent(chance);
}

/** Shares that a parameter of no effect reaches in one of twenty sweeps are told as such. */
const CHANCE_LIMIT = 0.05;
/** In a large sweep what is certain may still be too little to care about. */
const LEAST_SHARE = 0.01;

/** Whether what it does may be nothing, or next to nothing. */
export function mayBeNothing({ importance }: ParameterReport): boolean {
  return importance === null || importance.chance > CHANCE_LIMIT || importance.share < LEAST_SHARE;
}

/** What matters most first; what cannot be told last. */
export function byImportance(parameters: readonly ParameterReport[]): ParameterReport[] {
  const size = ({ importance }: ParameterReport) => importance?.share ?? -1;
  return parameters.toSorted((a, b) => size(b) - size(a));
}

/** The level whose trials stand best in the middle; undefined where there is nothing to choose. */
export function bestLevel({ levels }: ParameterReport): Level | undefined {
  return levels.length < 2 ? undefined : levels.toSorted((a, b) => a.place - b.place)[0];
}

export const LEVEL_HEAD = [
  "value",
  "trials",
  "without value",
  "median",
  "10th to 90th percentile",
  "best",
  "place",
] as const;

export function levelCells({ label, ...level }: Level): string[] {
  const { trials, withoutValue, median, spread, best, place } = level;
  const number = (value: number | null) => (value === null ? "\u2013" : shortNumber(value));
  return [
    label,
    String(trials),
    String(withoutValue),
    number(median),
    spread === null ? "\u2013" : `${number(spread[0])} to ${number(spread[1])}`,
    number(best),
    percent(place),
  ];
}

export const COMPARED_HEAD = [
  "sweep",
  "trials",
  "best",
  "95% interval",
  "epochs",
  "matters most",
  "parameters of the best",
] as const;

/** The best of each sweep. */
export function comparedCells({ name, trials, best, parameters }: SweptReport): string[] {
  const [first] = best;
  const { mean, interval } = meanCells(first?.value ?? null, first?.ci95 ?? null);
  const [most] = byImportance(parameters).filter((parameter) => !mayBeNothing(parameter));
  return [
    name,
    trials.finished.toLocaleString("en"),
    mean,
    interval,
    first === undefined ? "\u2013" : String(first.epochs),
    most === undefined ? "\u2013" : `${most.name} (${percent(most.importance!.share)})`,
    first === undefined ? "\u2013" : paramsText(first.params),
  ];
}

/** What makes the best of several sweeps hard to compare; else empty. */
export function comparedCaution({ sweeps }: SweepReport): string {
  return new Set(sweeps.map(({ data }) => data)).size < 2
    ? ""
    : "They were trained on different rows, or split otherwise: values of an easier task say nothing of a better setting.";
}

/** "Best of each, by validation loss" */
export function comparedTitle({ metric }: SweepReport): string {
  return `Best of each, by ${METRIC_NAMES[metric.name]}`;
}

export const SHARE_SAYS =
  "Share: how much of the variance of the trials' places, from the best to the worst, a parameter's value alone explains. Chance: how likely such a share is for a parameter that does nothing. Best at: the value whose trials stand best in the middle, where the share is 1% or more and the chance 5% or less.";

/** What the shares leave. */
export function restText({ parameters }: SweptReport): string {
  const shares = parameters.flatMap(({ importance }) => importance?.share ?? []);
  if (shares.length === 0) return "";
  const sum = shares.reduce((total, share) => total + share, 0);
  return `Together ${percent(Math.min(1, sum))}; what is left is what parameters do only with one another, and noise.`;
}

/** What to know before a number of a sweep is quoted. */
export function sweepCautions(report: SweptReport, { goal }: Sweep["metric"]): string[] {
  const { trials, sampled, engines, parameters, best } = report;
  const { finished, total, withoutValue, pruned } = trials;
  const isConditional = parameters.some(({ n }) => n > 0 && n < sampled);
  return [
    finished < total
      ? `${many(finished)} of ${many(total)} trials are here; the rest is missing.`
      : "",
    finished > 1 && best.some(({ value }) => value !== null)
      ? `The first of ${many(finished)} trials is partly the luckiest: it was chosen by the value that is shown, which flatters it. Train it again with other seeds before you quote the value.`
      : "",
    pruned > 0
      ? `${many(pruned)} trials were cut. Their values are of fewer epochs, and so are the medians they enter; in places, and so in shares, they stand behind those that trained to their end, the longer trained first.`
      : "",
    withoutValue > 0
      ? `${count(withoutValue, "trial")} ${withoutValue === 1 ? "has" : "have"} no value, because a network diverged or has no finite ${goal === "minimize" ? "loss" : "value"}: last in places and shares, left out of medians.`
      : "",
    isConditional
      ? "A parameter that is there under a condition only is judged among the trials that have it."
      : "",
    sampled < finished
      ? `Shares and medians are of ${many(sampled)} trials drawn from all; counts and the best are of all.`
      : "",
    engines.length > 1
      ? `Trained on ${engines.join("; ")}: their numbers agree within rounding, not to the bit.`
      : "",
  ].filter((text) => text !== "");
}

function many(n: number): string {
  return n.toLocaleString("en");
}

/** "Sweeps wine-a and wine-b", for a title. */
export function reportTitle({ sweeps }: SweepReport): string {
  const names = sweeps.map(({ name }) => name);
  if (names.length === 1) return `Sweep ${names[0]}`;
  return `Sweeps ${new Intl.ListFormat("en-GB").format(names)}`;
}
