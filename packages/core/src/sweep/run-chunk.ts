// Trains a chunk of a sweep: its trials over all their seeds as one population, or as a few of which
// each is smaller and longer than the one before.
//
// Networks that go on after a cut are trained anew, from their first weights, for the longer time. A
// network does not depend on its population, so what a trial was at a cut is the beginning of what
// it becomes, bit for bit, on every engine; no weights or moments leave the device. With eta 3 that
// costs half as much again as going on would (docs/sweeps.md).

import { compileMembers, loadMembersDatasets } from "../compile/compile.ts";
import type { WeightsTable } from "../compile/initial-weights.ts";
import type { Plan } from "../compile/plan.ts";
import { population } from "../compile/population.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Tables } from "../dataset/table.ts";
import type { CancelSignal, Engine } from "../engine/engine.ts";
import { Interrupted } from "../prove/trainer.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import { type LiveCurve, LiveCurves } from "../trace/live-curves.ts";
import { TraceRecorder } from "../trace/record-trace.ts";
import type { TraceRun } from "../trace/trace.ts";
import type { ProgressEvent } from "../trace/trace-event.ts";
import { rowsAsTable } from "./rows-as-table.ts";
import { cutsOf, kept } from "./rungs.ts";
import type { DrawnTrial, Sweep, SweepTrial } from "./sweep.ts";
import { type TrialCurve, trialCurve } from "./trial-curve.ts";
import { compareRecords, type TrialRecord, trialRecord } from "./trial-record.ts";
import { specWith } from "./trial-spec.ts";
import { chunkId, chunkRange, drawTrial } from "./trials.ts";

export interface RunChunkOptions {
  /** Aborting ends the chunk, of which nothing is left then. */
  readonly signal?: CancelSignal | undefined;
  /** Those that the spec names. */
  readonly tables?: Tables | undefined;
  readonly weights?: WeightsTable | undefined;
  /** Made datasets, which are added to: kept by the caller, one serves all chunks. */
  readonly datasets?: Map<string, Dataset> | undefined;
  /** The trials that are wanted. Where trials are cut, all are trained to know who goes on. */
  readonly wants?: ((index: number) => boolean) | undefined;
  readonly onProgress?: ((progress: ChunkProgress) => void) | undefined;
  /** Called with every network of every wanted trial, once it is as it stays. */
  readonly onRun?: ((trial: number, run: TraceRun) => void) | undefined;
}

export interface ChunkProgress {
  /** The chunk trains in so many populations, one after the other; this is which, from 0. */
  readonly population: number;
  readonly populations: number;
  /** Of this population. */
  readonly stepsDone: number;
  readonly stepsTotal: number;
  /** The trial that stands best among those in training, at so many of its epochs at most. */
  leading(points: number): LeadingTrial | undefined;
}

export interface LeadingTrial extends Omit<LiveCurve, "variant"> {
  readonly params: DrawnTrial["params"];
}

export interface ChunkResult {
  readonly id: string;
  /** One per wanted trial, in their order. */
  readonly records: readonly TrialRecord[];
  /** The same trials, in the same order. */
  readonly curves: readonly TrialCurve[];
  readonly engine: EngineInfo;
  /** Optimizer steps of single networks that were trained. */
  readonly modelSteps: number;
}

/**
 * @throws Interrupted when the signal stopped it; SpecError when a trial cannot be computed; what the
 *   engine throws when its device fails.
 */
export async function runChunk(
  sweep: Sweep,
  chunk: number,
  engine: Engine,
  options: RunChunkOptions = {},
): Promise<ChunkResult> {
  const { rungs } = sweep;
  const wants = options.wants ?? (() => true);
  const { base, tables } = rowsAsTable(sweep.spec, options.tables);
  const { first, end } = chunkRange(sweep, chunk);
  const trials = Array.from({ length: end - first }, (_, i) => first + i)
    .filter((index) => rungs !== undefined || wants(index))
    .map((index) => {
      const trial = drawTrial(sweep, index);
      return { ...trial, spec: specWith(base, trial.params) };
    });
  const longest = Math.max(...trials.map(({ spec }) => spec.train.epochs));
  const cuts = rungs === undefined ? [] : cutsOf(rungs, trials.length, longest);
  const lengths = [...cuts, longest];
  const records = new Map<number, TrialRecord>();
  const lastRuns = new Map<number, readonly TraceRun[]>();
  let field: readonly SweepTrial[] = trials;
  let info = engine.info;
  let modelSteps = 0;
  for (const [i, epochs] of lengths.entries()) {
    const training = field.filter(({ index }) => isOpen(records.get(index)));
    const trained = await train(engine, training, epochs, {
      ...options,
      tables,
      onProgress({ stepsDone, stepsTotal }, live) {
        options.onProgress?.({
          population: i,
          populations: lengths.length,
          stepsDone,
          stepsTotal,
          leading: (points) => leadingTrial(sweep, training, live, points),
        });
      },
    });
    info = trained.info;
    for (const trial of training) {
      const runs = trained.runs.get(trial.index)!;
      modelSteps += runs.reduce((sum, { steps }) => sum + steps, 0);
      const isCut = !hasEnded(trial, runs, epochs);
      records.set(trial.index, trialRecord(sweep, trial, runs, info, isCut));
      lastRuns.set(trial.index, runs);
    }
    if (rungs !== undefined) {
      const ranked = field.toSorted((a, b) =>
        compareRecords(sweep, records.get(a.index)!, records.get(b.index)!),
      );
      field = ranked.slice(0, kept(field.length, rungs.eta));
    }
  }
  const wanted = trials.filter(({ index }) => wants(index));
  for (const { index } of wanted) {
    for (const run of lastRuns.get(index)!) options.onRun?.(index, run);
  }
  return {
    id: chunkId(sweep, chunk),
    records: wanted.map(({ index }) => records.get(index)!),
    curves: wanted.map((trial) => trialCurve(trial, lastRuns.get(trial.index)!)),
    engine: info,
    modelSteps,
  };
}

/** Whether a trial still has epochs before it. */
function isOpen(record: TrialRecord | undefined): boolean {
  return record === undefined || record.state === "pruned";
}

/** Whether its networks would do nothing more if they were given more epochs. */
function hasEnded({ spec }: SweepTrial, runs: readonly TraceRun[], epochs: number): boolean {
  if (spec.train.epochs <= epochs) return true;
  return runs.every(
    ({ status, signals }) => status === "diverged" || (signals.loss?.length ?? 0) < epochs,
  );
}

function leadingTrial(
  { metric }: Sweep,
  trials: readonly SweepTrial[],
  live: LiveCurves,
  points: number,
): LeadingTrial | undefined {
  const curve = live.leading(metric, points);
  if (curve === undefined) return undefined;
  const { variant, epochs, values } = curve;
  const { params } = trials.find(({ index }) => index === Number(variant))!;
  return { params, epochs, values };
}

type TrainOptions = Omit<RunChunkOptions, "onProgress"> & {
  readonly onProgress: (progress: ProgressEvent, live: LiveCurves) => void;
};

interface Trained {
  /** By the index of their trial. */
  readonly runs: ReadonlyMap<number, readonly TraceRun[]>;
  readonly info: EngineInfo;
}

/** All trials over all their seeds, as one population, for so many epochs at most. */
async function train(
  engine: Engine,
  trials: readonly SweepTrial[],
  epochs: number,
  { signal, tables = new Map(), weights, datasets: known = new Map(), onProgress }: TrainOptions,
): Promise<Trained> {
  const runs = new Map<number, TraceRun[]>(trials.map(({ index }) => [index, []]));
  if (trials.length === 0) return { runs, info: engine.info };
  const members = trials.flatMap(({ index, spec }) => {
    const limited = { ...spec.train, epochs: Math.min(spec.train.epochs, epochs) };
    return population({ ...spec, train: limited, variants: { [index]: {} } });
  });
  const table = loadMembersDatasets(members, tables, known, (_, path) => ["spec", ...path]);
  for (const [key, dataset] of table) known.set(key, dataset);
  const plan: Plan = compileMembers(members, table, weights);
  const datasets = [...table.values()];
  const info = (await engine.prepare?.(plan)) ?? engine.info;
  const recorder = new TraceRecorder(trials[0].spec, plan, datasets, info);
  const live = new LiveCurves(recorder, plan);
  const finished = new Map<number, TraceRun>();
  for await (const event of engine.train(plan, datasets, { signal })) {
    recorder.add(event);
    if (event.kind === "progress") onProgress(event, live);
    if (event.kind === "finished") finished.set(event.run, recorder.run(event.run));
  }
  if (finished.size < plan.runs.length) throw new Interrupted();
  // In the order of the plan, whatever finished first.
  for (const { index, variant } of plan.runs) runs.get(Number(variant))!.push(finished.get(index)!);
  return { runs, info };
}
