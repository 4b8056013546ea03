// The engine on TensorFlow.js. Every population is trained as one: each operation is done for all
// of its networks by one call. It is what runs where our own kernels do not, and a second opinion
// on their numbers.

import {
  type Dataset,
  type Engine,
  type EngineInfo,
  type Plan,
  plannedSteps,
  type TraceEvent,
  type TrainOptions,
} from "@convergence-lab/core";
import { type BackendOptions, type StartedBackend, startBackend } from "./backend.ts";
import { populationChunks } from "./population-chunks.ts";
import { replaySteps } from "./replay.ts";
import { trainPopulation } from "./train-population.ts";

export interface TfjsEngineOptions extends BackendOptions {
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** What the platform is, as the caller knows it. */
  readonly versions?: EngineInfo["versions"];
}

export async function startTfjsEngine(options: TfjsEngineOptions): Promise<Engine> {
  const backend = await startBackend(options);
  return {
    info: {
      name: "tfjs",
      adapter: backend.adapter,
      reason: options.reason,
      versions: { ...options.versions, ...backend.versions },
    },
    train: (plan, datasets, trainOptions) => train(backend, plan, datasets, trainOptions),
    replay: (recording) => replaySteps(recording, backend),
    // Every training frees its own tensors; the backend is tfjs's and may serve others.
    dispose: async () => {},
  };
}

async function* train(
  backend: StartedBackend,
  plan: Plan,
  datasets: readonly Dataset[],
  { signal }: TrainOptions = {},
): AsyncGenerator<TraceEvent, void> {
  const planned = (runs: readonly number[]) =>
    runs.reduce((total, run) => total + plannedSteps(plan, datasets, run), 0);
  const stepsTotal = planned(plan.buckets.flatMap((bucket) => bucket.runs));
  let stepsBefore = 0;
  for (const bucket of plan.buckets) {
    const members = bucket.runs.map((index) => {
      const run = plan.runs[index];
      const { trainingSeed, hyper } = run;
      return { run, trainingSeed, dataset: datasets[run.dataset], classWeight: hyper.classWeight };
    });
    for (const chunk of populationChunks(bucket, members)) {
      for await (const report of trainPopulation(bucket, chunk, backend)) {
        for (const { member, firstEpoch, signals, probes, end } of report.members) {
          const run = chunk[member].run.index;
          if (signals.loss!.length > 0) yield { kind: "epochs", run, firstEpoch, signals };
          yield* probes;
          if (end !== null) yield { kind: "finished", run, ...end };
        }
        yield { kind: "progress", stepsDone: stepsBefore + report.stepsDone, stepsTotal };
        if (signal?.aborted) return;
      }
      stepsBefore += planned(chunk.map(({ run }) => run.index));
    }
  }
  yield { kind: "progress", stepsDone: stepsTotal, stepsTotal };
}
