// Which version of a kernel is the fastest for a population on this adapter, found by doing: each
// trains copies of the population for some batches. Only versions that leave the same bits as the
// planned one are in the running, so a choice that the clock makes moves no number. Chosen once for a
// shape and a size of population; a training that is short goes without.

import type { Gpu } from "../device/request-device.ts";
import { GpuError } from "../errors.ts";
import type { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import { candidatePlans, type KernelPlan } from "../kernels/train-population/kernel-plan.ts";
import { createPopulation, type PopulationSource, shapeOf } from "./create-population.ts";
import type { Population } from "./population.ts";

export interface TunerOptions {
  /** Milliseconds of a batch of all networks, found out in at most `batches`. */
  readonly measure: (population: Population, batches: number, plan: KernelPlan) => Promise<number>;
  readonly candidates: typeof candidatePlans;
  /** Multiplications of a training from which on it is tuned. */
  readonly worthwhile: number;
}

/**
 * Ten seconds of an H100, which does 3.4e12 multiplications a second in 1,024 networks 20-64-32-1.
 * Its driver takes half a second for a kernel, and so does all of the tuning, which makes the
 * candidates at the same time (bench/results/h100-first-contact.md).
 */
const WORTHWHILE = 3e13;

/**
 * What a step counts at least, since one of a very small network takes the time of its barriers: an
 * estimate, by which that H100 does 3e7 of them a second, and of 20-64-32-1 it did 1e7.
 */
const LEAST_WORK = 1e5;

/** Batches after which bits are compared. */
const COMPARED_BATCHES = 8;

/** Share of a training's batches that one candidate may go on by. */
const LARGEST_SHARE = 1 / 8;

export class KernelTuner {
  readonly #options: TunerOptions;
  readonly #chosen = new Map<string, KernelPlan>();

  constructor(options: Partial<TunerOptions> = {}) {
    const measure = options.measure ?? fastestBatch;
    this.#options = { measure, candidates: candidatePlans, worthwhile: WORTHWHILE, ...options };
  }

  /**
   * From now on `kernels` gives populations like this one the version that is the fastest for them.
   *
   * @param work Of their training.
   */
  async tune(
    gpu: Gpu,
    kernels: KernelCache,
    source: PopulationSource,
    work: number,
  ): Promise<void> {
    const { bucket, runs } = source;
    const shape = shapeOf(bucket, runs);
    const key = JSON.stringify([shape, Math.ceil(Math.log2(runs.length))]);
    const known = this.#chosen.get(key);
    const plans = this.#options.candidates(shape, gpu.adapter, work);
    const isWorthwhile =
      Math.max(work, LEAST_WORK * runs.length * stepsOf(source)) >= this.#options.worthwhile;
    if (known === undefined && (plans.length === 1 || !isWorthwhile)) {
      kernels.prefer(shape, plans[0]);
      return;
    }
    const plan = known ?? (await this.#fastest(gpu, kernels, source, plans));
    this.#chosen.set(key, plan);
    kernels.prefer(shape, plan);
  }

  async #fastest(
    gpu: Gpu,
    kernels: KernelCache,
    source: PopulationSource,
    plans: readonly KernelPlan[],
  ): Promise<KernelPlan> {
    const { bucket, runs } = source;
    const shape = shapeOf(bucket, runs);
    // All at once, because a driver compiles on as many cores as there are.
    const made = await Promise.all(
      plans.map((plan) => kernels.getAs({ ...shape, plan }).catch(withoutRefusal)),
    );
    const batches = Math.floor(LARGEST_SHARE * stepsOf(source));
    let expected: Uint32Array | undefined;
    let best = { plan: plans[0], ms: Number.POSITIVE_INFINITY };
    for (const kernel of made) {
      if (kernel === null) {
        // Nothing can be compared with a plan that the driver refuses.
        if (expected === undefined) return plans[0];
        continue;
      }
      const population = await createPopulation(gpu, { get: async () => kernel }, source, "alike");
      try {
        await population.advance(Math.min(COMPARED_BATCHES, batches));
        const words = await wordsOf(population);
        expected ??= words;
        if (!isEqual(words, expected)) continue;
        const { plan } = kernel.shape;
        const ms = await this.#options.measure(population, batches, plan);
        if (ms < best.ms) best = { plan, ms };
      } finally {
        population.destroy();
      }
    }
    return best.plan;
  }
}

/** Training steps of a run. */
function stepsOf({ bucket: { epochs, batchSize }, runs, datasets }: PopulationSource): number {
  return epochs * Math.ceil(datasets[runs[0].dataset].train.rows / batchSize);
}

function withoutRefusal(error: unknown): null {
  if (error instanceof GpuError && error.code === "GPU_PIPELINE_FAILED") return null;
  throw error;
}

/** Parameters, gradients, state and progress of the networks that a report brings along. */
async function wordsOf(population: Population): Promise<Uint32Array> {
  const { checkpoints } = await population.report();
  const parts = [...checkpoints.values()].flatMap(({ parameters, progress }) => [
    new Uint32Array(parameters.buffer),
    progress,
  ]);
  const all = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Where nothing was read, nothing is known to be equal. */
function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length > 0 && a.length === b.length && a.every((word, i) => word === b[i]);
}

/** A block is long enough for a clock, and short enough for a driver. */
const BLOCK_MS = 5;
const LARGEST_GROWTH = 4;
const BLOCKS = 3;

async function fastestBatch(population: Population, batches: number): Promise<number> {
  // The blocks that find the length, and those that count, take as many batches as are allowed.
  const longest = Math.max(1, Math.floor(batches / (BLOCKS + 2)));
  const milliseconds = async (count: number) => {
    const start = performance.now();
    await population.advance(count);
    return performance.now() - start;
  };
  let length = 1;
  while (length < longest && (await milliseconds(length)) < BLOCK_MS) {
    length = Math.min(longest, LARGEST_GROWTH * length);
  }
  let fastest = Number.POSITIVE_INFINITY;
  for (let block = 0; block < BLOCKS; block++) {
    fastest = Math.min(fastest, await milliseconds(length));
  }
  return fastest / length;
}
