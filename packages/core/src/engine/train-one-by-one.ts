// Trains a plan one run after the other on the thread that calls it: the events of an engine whose
// runs are generators. Engines differ in how they start a run.

import type { Bucket, Plan, Run } from "../compile/plan.ts";
import { plannedSteps } from "../compile/planned-steps.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { EpochSignal, FinishedEvent, TraceEvent } from "../trace/trace-event.ts";
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
  /** Trains to the end; yields after every batch with the multiplications it took, about. */
  train(): Generator<number, void>;
}

export interface OneByOneOptions extends TrainOptions {
  readonly start: (bucket: Bucket, run: Run, dataset: Dataset) => RunInTraining;
  /** Multiplications between two pauses of the event loop. */
  readonly workBetweenPauses: number;
}

export async function* trainOneByOne(
  plan: Plan,
  datasets: readonly Dataset[],
  { start, workBetweenPauses, signal }: OneByOneOptions,
): AsyncGenerator<TraceEvent, void> {
  const stepsTotal = plan.buckets
    .flatMap((bucket) => bucket.runs)
    .reduce((total, run) => total + plannedSteps(plan, datasets, run), 0);
  let stepsOfFinishedRuns = 0;
  let work = 0;
  for (const bucket of plan.buckets) {
    for (const index of bucket.runs) {
      const run = plan.runs[index];
      const training = start(bucket, run, datasets[run.dataset]);
      let reported = 0;
      for (const workOfBatch of training.train()) {
        work += workOfBatch;
        if (work < workBetweenPauses) continue;
        work = 0;
        if (training.epochs > reported) yield epochsEvent(index, training, reported);
        reported = training.epochs;
        yield {
          kind: "progress",
          stepsDone: stepsOfFinishedRuns + training.steps,
          stepsTotal,
        };
        await pause();
        if (signal?.aborted) return;
      }
      if (training.epochs > reported) yield epochsEvent(index, training, reported);
      yield { kind: "finished", run: index, status: training.status, steps: training.steps };
      stepsOfFinishedRuns += plannedSteps(plan, datasets, index);
    }
  }
  yield { kind: "progress", stepsDone: stepsTotal, stepsTotal };
}

function epochsEvent(
  run: number,
  { epochs, signals }: RunInTraining,
  firstEpoch: number,
): TraceEvent {
  const columns = Object.entries(signals) as [EpochSignal, Float32Array][];
  return {
    kind: "epochs",
    run,
    firstEpoch,
    signals: Object.fromEntries(
      columns.map(([name, values]) => [name, values.slice(firstEpoch, epochs)]),
    ),
  };
}
