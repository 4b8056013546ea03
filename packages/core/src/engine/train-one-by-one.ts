// Trains a plan one run after the other on the thread that calls it: the events of an engine whose
// runs are generators. Engines differ in how they start a run.

import type { Bucket, Plan, Run } from "../compile/plan.ts";
import { plannedSteps } from "../compile/planned-steps.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { EpochSignal, FinishedEvent, NonFinite, TraceEvent } from "../trace/trace-event.ts";
import type { TrainOptions } from "./engine.ts";
import { pause } from "./pause.ts";

/** A run on its way from initial weights to its end. */
export interface RunInTraining {
  /** Epochs that are finished, with one value of every signal each. */
  readonly epochs: number;
  readonly signals: Partial<Record<EpochSignal, Float32Array>>;
  /** Optimizer steps taken. */
  readonly steps: number;
  readonly status: FinishedEvent["status"];
  /** Flat in the order of `network.layout`, as they stand when `train` has ended. */
  readonly parameters: Float32Array | Float64Array;
  /** Null when the plan asks for none. */
  readonly probes: {
    takeEvents(run: number): Iterable<TraceEvent>;
    /** Once `train` has ended; undefined when nobody asks. */
    readonly firstNonFinite: NonFinite | null | undefined;
  } | null;
  /** Trains to the end; yields after some batches with the multiplications they took, about. */
  train(): Generator<number, void>;
}

export interface OneByOneOptions extends TrainOptions {
  readonly start: (bucket: Bucket, run: Run, dataset: Dataset) => RunInTraining;
  readonly isTimeToPause: PauseRule;
}

/**
 * Whether it is time to let the event loop run: asked after some batches, with the multiplications
 * that they took, about.
 */
export type PauseRule = (work: number) => boolean;

/** For whoever has no clock: a pause after so many multiplications. */
export function pauseAfter(most: number): PauseRule {
  let work = 0;
  return (more) => {
    work += more;
    if (work < most) return false;
    work = 0;
    return true;
  };
}

export async function* trainOneByOne(
  plan: Plan,
  datasets: readonly Dataset[],
  { start, isTimeToPause, signal }: OneByOneOptions,
): AsyncGenerator<TraceEvent, void> {
  const stepsTotal = plan.buckets
    .flatMap((bucket) => bucket.runs)
    .reduce((total, run) => total + plannedSteps(plan, datasets, run), 0);
  let stepsOfFinishedRuns = 0;
  for (const bucket of plan.buckets) {
    for (const index of bucket.runs) {
      const run = plan.runs[index];
      const training = start(bucket, run, datasets[run.dataset]);
      let reported = 0;
      for (const work of training.train()) {
        if (!isTimeToPause(work)) continue;
        yield* newEvents(index, training, reported);
        reported = training.epochs;
        yield {
          kind: "progress",
          stepsDone: stepsOfFinishedRuns + training.steps,
          stepsTotal,
        };
        await pause();
        if (signal?.aborted) return;
      }
      yield* newEvents(index, training, reported);
      if (plan.tellsWeights) {
        yield { kind: "weights", run: index, parameters: Float32Array.from(training.parameters) };
      }
      yield finishedEvent(index, training);
      stepsOfFinishedRuns += plannedSteps(plan, datasets, index);
    }
  }
  yield { kind: "progress", stepsDone: stepsTotal, stepsTotal };
}

/** What a run has done since epoch `firstEpoch` was told. */
function* newEvents(
  run: number,
  { epochs, signals, probes }: RunInTraining,
  firstEpoch: number,
): Generator<TraceEvent> {
  if (epochs > firstEpoch) {
    const columns = Object.entries(signals) as [EpochSignal, Float32Array][];
    yield {
      kind: "epochs",
      run,
      firstEpoch,
      signals: Object.fromEntries(
        columns.map(([name, values]) => [name, values.slice(firstEpoch, epochs)]),
      ),
    };
  }
  if (probes !== null) yield* probes.takeEvents(run);
}

function finishedEvent(run: number, { status, steps, probes }: RunInTraining): TraceEvent {
  const firstNonFinite = probes?.firstNonFinite;
  const event = { kind: "finished", run, status, steps } as const;
  return firstNonFinite === undefined ? event : { ...event, firstNonFinite };
}
