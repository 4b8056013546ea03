// What a trial came to, as one line of JSON. The line holds nothing that another machine, another
// day or another division of the work would write otherwise.

import { behaves } from "../claims/behaviors.ts";
import { shortestFloat32 } from "../shared/shortest-float32.ts";
import { METRICS, type Metric } from "../spec/spec.ts";
import { bestEpoch } from "../trace/derived/epochs.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import type { TraceRun } from "../trace/trace.ts";
import type { DrawnTrial, Sweep } from "./sweep.ts";

/**
 * pruned: cut before its end, as it was then. Otherwise diverged or stuck where at least half of its
 * networks are; these are results like any other.
 */
export const TRIAL_STATES = ["complete", "pruned", "diverged", "stuck"] as const;
export type TrialState = (typeof TRIAL_STATES)[number];

export interface TrialRecord extends DrawnTrial {
  readonly state: TrialState;
  /**
   * Mean over its networks of the sweep's metric at their last epoch. Null where one of them has
   * none that is finite: a setting that fails on one seed is no good setting, and ranks last.
   */
  readonly value: number | null;
  /** Of the longest of its networks. */
  readonly epochs: number;
  readonly engine: EngineInfo["name"];
  /** What the numbers depend on beside the engine. */
  readonly adapter: string;
  readonly runs: readonly RunRecord[];
}

export interface RunRecord {
  readonly trainingSeed: number;
  readonly dataSeed: number;
  readonly state: "complete" | "diverged" | "stuck";
  readonly epochs: number;
  readonly steps: number;
  /** After the last epoch; null where it is not finite. Absent: not measured. */
  readonly final: Readonly<Partial<Record<Metric, number | null>>>;
  /** Over all epochs: the least loss, the greatest accuracy. */
  readonly best: Readonly<Partial<Record<Metric, number | null>>>;
  /** The epoch of the best value of the sweep's metric, from 0; null where none is finite. */
  readonly bestEpoch: number | null;
}

export function trialRecord(
  { metric }: Pick<Sweep, "metric">,
  { index, id, params }: DrawnTrial,
  runs: readonly TraceRun[],
  engine: EngineInfo,
  isPruned: boolean,
): TrialRecord {
  const records = runs.map((run) => runRecord(run, metric.name));
  return {
    index,
    id,
    state: isPruned ? "pruned" : stateOf(records),
    value: meanOf(records, metric.name),
    epochs: Math.max(...records.map(({ epochs }) => epochs)),
    params,
    engine: engine.name,
    adapter: engine.arithmetic ?? engine.adapter,
    runs: records,
  };
}

/** The line of a trial, without the line end. */
export function recordLine(record: TrialRecord): string {
  return JSON.stringify(record);
}

/** @throws Error for text that is no such line. */
export function parseRecord(line: string): TrialRecord {
  const record = JSON.parse(line) as TrialRecord;
  if (!Number.isInteger(record?.index) || typeof record.id !== "string") {
    throw new Error("it is no line of a sweep");
  }
  return record;
}

/** Below 0: the first is better. Equal values keep the order of the sweep. */
export function compareRecords(
  { metric }: Pick<Sweep, "metric">,
  a: Pick<TrialRecord, "value" | "index">,
  b: Pick<TrialRecord, "value" | "index">,
): number {
  const sign = metric.goal === "minimize" ? 1 : -1;
  const size = ({ value }: Pick<TrialRecord, "value">) =>
    value === null ? Number.POSITIVE_INFINITY : sign * value;
  const [one, other] = [size(a), size(b)];
  return one === other ? a.index - b.index : one - other;
}

/**
 * As `compareRecords`, but behind those that trained to their end stand those that were cut, whose
 * values are of fewer epochs, and behind them those without a value.
 */
export function compareOutcomes(
  sweep: Pick<Sweep, "metric">,
  a: TrialRecord,
  b: TrialRecord,
): number {
  const rank = ({ value, state }: TrialRecord) => (value === null ? 2 : Number(state === "pruned"));
  return rank(a) - rank(b) || compareRecords(sweep, a, b);
}

function runRecord(run: TraceRun, metric: Metric): RunRecord {
  const { trainingSeed, dataSeed, status, steps, signals } = run;
  const measured = METRICS.flatMap((name) => {
    const values = signals[name];
    return values === undefined ? [] : [[name, values] as const];
  });
  const valueAt = (values: Float32Array, epoch: number | undefined) =>
    epoch === undefined ? null : plain(values[epoch]);
  return {
    trainingSeed,
    dataSeed,
    state: status === "diverged" ? "diverged" : behaves(run, "stuck") ? "stuck" : "complete",
    epochs: signals.loss?.length ?? 0,
    steps,
    final: Object.fromEntries(
      measured.map(([name, values]) => [name, valueAt(values, values.length - 1)]),
    ),
    best: Object.fromEntries(
      measured.map(([name, values]) => [name, valueAt(values, bestEpoch(run, name))]),
    ),
    bestEpoch: bestEpoch(run, metric) ?? null,
  };
}

/** The number that float32 holds, in as few digits as tell it apart; null where it is none. */
function plain(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? Number(shortestFloat32(value)) : null;
}

function stateOf(runs: readonly RunRecord[]): TrialState {
  const share = (...states: readonly TrialState[]) =>
    runs.filter(({ state }) => states.includes(state)).length / runs.length;
  if (share("diverged") >= 0.5) return "diverged";
  return share("diverged", "stuck") >= 0.5 ? "stuck" : "complete";
}

function meanOf(runs: readonly RunRecord[], metric: Metric): number | null {
  let sum = 0;
  for (const { state, final } of runs) {
    const value = final[metric];
    if (state === "diverged" || value === undefined || value === null) return null;
    sum += value;
  }
  // Sums of decimal numbers end in digits that say nothing.
  return Number((sum / runs.length).toPrecision(9));
}
