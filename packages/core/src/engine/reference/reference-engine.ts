// The engine in plain TypeScript: what every kernel is compared with, and what runs where nothing
// faster does. One run after the other, on the thread that calls it.

import type { Plan } from "../../compile/plan.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { EngineInfo } from "../../trace/engine-info.ts";
import type { EpochSignal, TraceEvent } from "../../trace/trace-event.ts";
import type { Engine, TrainOptions } from "../engine.ts";
import { pause } from "../pause.ts";
import { replaySteps } from "./replay.ts";
import type { Precision } from "./tensor.ts";
import { TrainingRun } from "./train-run.ts";

export interface ReferenceEngineOptions {
  readonly precision?: Precision;
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** What the platform is, as the caller knows it. */
  readonly versions?: EngineInfo["versions"];
}

export function createReferenceEngine(options: ReferenceEngineOptions): Engine {
  const { precision = "float32", reason, versions = {} } = options;
  return {
    info: { name: "cpu", adapter: `plain TypeScript, ${precision}`, reason, versions },
    train: (plan, datasets, trainOptions) => train(plan, datasets, precision, trainOptions),
    replay: async (recording) => replaySteps(recording, precision),
    dispose: async () => {},
  };
}

/**
 * Multiplications between two pauses: about 50 ms on a core that does 1e9 a second, as this engine
 * did on the two-core machine it was written on (bench/reference-engine.bench.ts).
 */
const WORK_BETWEEN_PAUSES = 5e7;

async function* train(
  plan: Plan,
  datasets: readonly Dataset[],
  precision: Precision,
  { signal }: TrainOptions = {},
): AsyncGenerator<TraceEvent, void> {
  const stepsTotal = plan.buckets
    .flatMap((bucket) => bucket.runs)
    .reduce((total, run) => total + plannedSteps(plan, datasets, run), 0);
  let stepsOfFinishedRuns = 0;
  let work = 0;
  for (const bucket of plan.buckets) {
    for (const index of bucket.runs) {
      const run = plan.runs[index];
      const training = new TrainingRun(bucket, run, datasets[run.dataset], precision);
      let reported = 0;
      for (const workOfBatch of training.train()) {
        work += workOfBatch;
        if (work < WORK_BETWEEN_PAUSES) continue;
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

/** Steps of a run that does not diverge. */
function plannedSteps(plan: Plan, datasets: readonly Dataset[], index: number): number {
  const { bucket, dataset } = plan.runs[index];
  const { batchSize, epochs } = plan.buckets[bucket];
  return epochs * Math.ceil(datasets[dataset].train.rows / batchSize);
}

function epochsEvent(
  run: number,
  { epochs, signals }: TrainingRun,
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
