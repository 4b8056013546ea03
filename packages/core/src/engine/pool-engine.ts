// Several engines as one. Runs are independent of each other, so how a plan is divided and who
// trains what changes the order of events between runs, and no number.

import type { Plan } from "../compile/plan.ts";
import { plannedSteps } from "../compile/planned-steps.ts";
import { selectRuns } from "../compile/select-runs.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { EngineInfo } from "../trace/engine-info.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import type { Engine, TrainOptions } from "./engine.ts";
import { EventQueue } from "./event-queue.ts";

/** An engine that shares every plan out over `workers`; they are its own and end with it. */
export function createPoolEngine(workers: readonly Engine[], info: EngineInfo): Engine {
  return {
    info,
    train: (plan, datasets, options) => train(workers, plan, datasets, options),
    replay: (recording) => workers[0].replay(recording),
    dispose: async () => {
      await Promise.all(workers.map((worker) => worker.dispose()));
    },
  };
}

/** Events of a worker that nobody has taken yet: who stands still holds up the training soon. */
const MOST_WAITING = 32;

async function* train(
  workers: readonly Engine[],
  plan: Plan,
  datasets: readonly Dataset[],
  options: TrainOptions = {},
): AsyncGenerator<TraceEvent, void> {
  const chunks = new Chunks(plan, datasets, workers.length);
  const progress = new SummedProgress(plan, datasets);
  const queue = new EventQueue<TraceEvent>();
  let stopped = false;
  const signal = {
    get aborted() {
      return stopped || options.signal?.aborted === true;
    },
  };
  const work = async (worker: Engine, index: number) => {
    for (let runs = chunks.take(); runs !== undefined; runs = chunks.take()) {
      for await (const event of worker.train(selectRuns(plan, runs), datasets, { signal })) {
        queue.push(event.kind === "progress" ? progress.of(index, event.stepsDone) : event);
        await queue.room(MOST_WAITING * workers.length);
      }
      if (signal.aborted) return;
      queue.push(progress.finish(index, runs));
    }
  };
  const ended = Promise.all(workers.map(work)).then(
    () => queue.end(),
    (error) => {
      stopped = true;
      queue.fail(error);
    },
  );
  try {
    yield* queue;
  } finally {
    stopped = true;
    queue.end();
    await ended;
  }
}

/**
 * Hands out a plan's runs, the dearest first, in chunks that shrink towards the end: half of an
 * equal share of what is left. The last chunks are single runs, so no worker waits long for another.
 */
class Chunks {
  readonly #runs: readonly { readonly run: number; readonly cost: number }[];
  readonly #workers: number;
  #next = 0;
  #costLeft: number;

  constructor(plan: Plan, datasets: readonly Dataset[], workers: number) {
    this.#workers = workers;
    this.#runs = plan.buckets
      .flatMap((bucket) =>
        bucket.runs.map((run) => ({
          run,
          cost: plannedSteps(plan, datasets, run) * bucket.batchSize * bucket.network.layout.size,
        })),
      )
      .sort((a, b) => b.cost - a.cost);
    this.#costLeft = this.#runs.reduce((sum, { cost }) => sum + cost, 0);
  }

  /** Undefined when nothing is left. */
  take(): number[] | undefined {
    if (this.#next === this.#runs.length) return undefined;
    const share = this.#costLeft / (2 * this.#workers);
    const first = this.#next;
    let taken = 0;
    do taken += this.#runs[this.#next++].cost;
    while (this.#next < this.#runs.length && taken + this.#runs[this.#next].cost <= share);
    this.#costLeft -= taken;
    return this.#runs.slice(first, this.#next).map(({ run }) => run);
  }
}

/** Steps done by all workers, from what each tells about its chunk. */
class SummedProgress {
  readonly #plan: Plan;
  readonly #datasets: readonly Dataset[];
  readonly #stepsTotal: number;
  readonly #inChunk: number[] = [];
  #inFinishedChunks = 0;

  constructor(plan: Plan, datasets: readonly Dataset[]) {
    this.#plan = plan;
    this.#datasets = datasets;
    this.#stepsTotal = this.#planned(plan.buckets.flatMap((bucket) => bucket.runs));
  }

  of(worker: number, stepsInChunk: number): TraceEvent {
    this.#inChunk[worker] = stepsInChunk;
    const stepsDone = this.#inChunk.reduce((sum, steps) => sum + steps, this.#inFinishedChunks);
    return { kind: "progress", stepsDone, stepsTotal: this.#stepsTotal };
  }

  finish(worker: number, runs: readonly number[]): TraceEvent {
    this.#inFinishedChunks += this.#planned(runs);
    return this.of(worker, 0);
  }

  #planned(runs: readonly number[]): number {
    return runs.reduce((sum, run) => sum + plannedSteps(this.#plan, this.#datasets, run), 0);
  }
}
