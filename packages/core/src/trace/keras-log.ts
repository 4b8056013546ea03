// What Keras prints while it trains -> curves. Progress bars are drawn over again with carriage
// returns or backspaces, and pasted from terminals, notebooks and log files; the last numbers of an
// epoch are its own. Forms: Keras 1 to 3, verbose 1 and 2.

import type { Metric } from "../spec/spec.ts";

export interface LoggedRun {
  /** One value per epoch, in the order of the log. */
  readonly curves: Readonly<Partial<Record<Metric, readonly number[]>>>;
  /** Numbers of the epochs as printed, from 1. */
  readonly epochs: readonly number[];
  /** Of `Epoch 3/50`; the last epoch where no total is printed. */
  readonly planned: number;
  /** Batches of an epoch, where a bar counts them. */
  readonly stepsPerEpoch?: number;
}

interface Epoch {
  readonly number: number;
  readonly planned: number;
  metrics: Partial<Record<Metric, number>>;
  steps?: { readonly done: number; readonly all: number };
}

/** A run per `fit`: the count of the epochs starts again. Empty where the text has none. */
export function parseKerasLog(text: string): LoggedRun[] {
  const runs: Epoch[][] = [];
  for (const line of linesOf(text)) {
    const head = /\bEpoch[: ]+(\d+)\s*(?:\/\s*(\d+))?/i.exec(line);
    const last = runs.at(-1)?.at(-1);
    if (head !== null && !isCheckpoint(line)) {
      const number = Number(head[1]);
      const planned = Number(head[2] ?? head[1]);
      if (last === undefined || number < last.number) runs.push([]);
      if (number !== last?.number) runs.at(-1)!.push({ number, planned, metrics: {} });
    }
    const epoch = runs.at(-1)?.at(-1);
    if (epoch !== undefined) readLine(epoch, line);
  }
  return runs.map(loggedRun).filter(({ epochs }) => epochs.length > 0);
}

/** Without colours, a line for every state of a progress bar. */
function linesOf(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal was told.
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").split(/[\r\n\u0008]+/);
}

/** "Epoch 00003: val_loss improved from ..." is a callback's and begins no epoch. */
function isCheckpoint(line: string): boolean {
  return /\bEpoch \d+: /.test(line);
}

const METRIC_OF: Readonly<Record<string, Metric>> = {
  loss: "loss",
  acc: "accuracy",
  accuracy: "accuracy",
  binary_accuracy: "accuracy",
  categorical_accuracy: "accuracy",
  sparse_categorical_accuracy: "accuracy",
};

const PAIR = /\b(val_)?([a-z_]+): (-?(?:\d+\.?\d*(?:e[+-]?\d+)?|nan|inf))/gi;

function readLine(epoch: Epoch, line: string): void {
  const bar = /(?:^|\s)(\d+)\/(\d+)\s*(?:\[|-|\u2501)/.exec(line);
  if (bar !== null) epoch.steps = { done: Number(bar[1]), all: Number(bar[2]) };
  for (const [, val, name, value] of line.matchAll(PAIR)) {
    const metric = METRIC_OF[name.toLowerCase()];
    if (metric === undefined) continue;
    const key = val === undefined ? metric : VALIDATION[metric];
    if (key !== undefined) epoch.metrics[key] = numberOf(value);
  }
}

const VALIDATION: Readonly<Partial<Record<Metric, Metric>>> = {
  loss: "valLoss",
  accuracy: "valAccuracy",
};

function numberOf(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

function loggedRun(all: readonly Epoch[]): LoggedRun {
  const epochs = all.filter((epoch) => epoch.metrics.loss !== undefined && isWhole(epoch));
  const metrics = (["loss", "accuracy", "valLoss", "valAccuracy"] as const).filter(
    (metric) => epochs.length > 0 && epochs.every((epoch) => epoch.metrics[metric] !== undefined),
  );
  const stepsPerEpoch = epochs.at(-1)?.steps?.all;
  return {
    curves: Object.fromEntries(
      metrics.map((metric) => [metric, epochs.map((epoch) => epoch.metrics[metric]!)]),
    ),
    epochs: epochs.map(({ number }) => number),
    planned: Math.max(0, ...all.map(({ planned }) => planned)),
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
  };
}

/** Not one that the end of the log has cut off. */
function isWhole({ steps }: Epoch): boolean {
  return steps === undefined || steps.done >= steps.all;
}
