// Trains a plan, population after population, through what a device may do on the way: one that has
// no room for a population gets it in halves, and a fresh one takes over from a device that is lost.
// Neither moves a bit of the result, because a network does not depend on its population.

import {
  type Dataset,
  type Plan,
  plannedSteps,
  type Run,
  type TraceEvent,
  type TrainOptions,
} from "@convergence-lab/core";
import { GpuError } from "../errors.ts";
import { planTraining } from "../kernels/train-population/kernel-plan.ts";
import { CheckpointStore } from "./checkpoints.ts";
import { createPopulation, populations, shapeOf } from "./create-population.ts";
import { type UploadedData, uploadData } from "./data-buffer.ts";
import type { DeviceSession } from "./device-session.ts";
import { Reporter } from "./reporter.ts";
import { type Ledger, type Timing, trainPopulation } from "./train-population.ts";
import { trainingWork } from "./training-work.ts";

/** @throws GpuError GPU_DEVICE_LOST when no device takes over, GPU_OUT_OF_MEMORY, GPU_TOO_LARGE */
export async function* trainPlan(
  session: DeviceSession,
  plan: Plan,
  datasets: readonly Dataset[],
  timing: Timing,
  { signal }: TrainOptions = {},
): AsyncGenerator<TraceEvent, void> {
  const listed = plan.buckets.flatMap(({ runs }) => runs);
  const reporter = new Reporter(
    new Map(listed.map((index) => [index, plannedSteps(plan, datasets, index)])),
  );
  const ledger = { reporter, checkpoints: new CheckpointStore() };
  const losses = new Losses(session, ledger);
  const inputs = datasets.map(({ columns }) => columns.length);
  let data: UploadedData | undefined;
  try {
    for (const bucket of plan.buckets) {
      const waiting = populations(session.gpu, bucket, plan);
      for (let runs = waiting.shift(); runs; runs = waiting.shift()) {
        try {
          const { gpu, kernels } = session;
          data ??= await uploadData(gpu, datasets, inputs);
          const source = { bucket, runs, datasets, data, checkpoints: ledger.checkpoints };
          await session.tuner?.tune(gpu, kernels, source, trainingWork(bucket, runs, plan));
          const population = await createPopulation(gpu, kernels, source);
          try {
            yield* trainPopulation(population, ledger, timing, signal);
          } finally {
            population.destroy();
          }
        } catch (error) {
          const left = runs.filter(({ index }) => !reporter.isFinished(index));
          if (isCode(error, "GPU_DEVICE_LOST")) {
            await losses.recover(error);
            data = undefined;
            if (left.length > 0) waiting.unshift(left);
          } else if (data && left.length > 1 && isOutOfMemory(error)) {
            waiting.unshift(...halves(left));
          } else {
            throw error;
          }
        }
        if (signal?.aborted) return;
      }
    }
  } finally {
    data?.buffer.destroy();
  }
}

/**
 * Makes the kernels that a training of the plan begins with, all at the same time, and gives the sentences that say which of them
 * the driver refused as they were planned.
 *
 * @throws GpuError GPU_PIPELINE_FAILED
 */
export async function prepareKernels(
  { gpu, kernels, tuner }: DeviceSession,
  plan: Plan,
): Promise<readonly string[]> {
  const made = await Promise.all(
    plan.buckets.flatMap((bucket) =>
      populations(gpu, bucket, plan).map((runs) => {
        const shape = shapeOf(bucket, runs);
        const work = trainingWork(bucket, runs, plan);
        if (tuner) kernels.prefer(shape, planTraining(shape, gpu.adapter, work));
        return kernels.get(shape);
      }),
    ),
  );
  return [...new Set(made.flatMap(({ refused = [] }) => refused))];
}

/** The device losses of one training. */
class Losses {
  readonly #session: DeviceSession;
  readonly #ledger: Ledger;
  #epochsAtLast: number | undefined;

  constructor(session: DeviceSession, ledger: Ledger) {
    this.#session = session;
    this.#ledger = ledger;
  }

  /**
   * Sees to it that training can go on. A device that is lost again before any network got an epoch
   * further would be lost for ever: a dispatch that the driver does not put up with, for instance.
   */
  async recover(loss: GpuError): Promise<void> {
    const { reporter } = this.#ledger;
    const { adapter } = this.#session.gpu;
    if (reporter.epochs === this.#epochsAtLast) {
      throw this.#unrecovered(loss, `${adapter.name} was lost again before an epoch was finished`);
    }
    this.#epochsAtLast = reporter.epochs;
    try {
      await this.#session.renew();
    } catch (error) {
      throw this.#unrecovered(loss, `no device took over: ${(error as Error).message}`);
    }
  }

  #unrecovered(loss: GpuError, why: string): GpuError {
    const { finished, runs } = this.#ledger.reporter;
    return new GpuError(
      "GPU_DEVICE_LOST",
      `${loss.message} ${finished} of ${runs} networks had finished; ${why}.`,
      { cause: loss },
    );
  }
}

function isCode(error: unknown, code: GpuError["code"]): error is GpuError {
  return error instanceof GpuError && error.code === code;
}

function isOutOfMemory(error: unknown): boolean {
  return isCode(error, "GPU_OUT_OF_MEMORY") || isCode(error, "GPU_TOO_LARGE");
}

function halves(runs: readonly Run[]): [Run[], Run[]] {
  const middle = Math.ceil(runs.length / 2);
  return [runs.slice(0, middle), runs.slice(middle)];
}
