// From runs of a plan to networks on the device: which are trained together, and with what.

import {
  type Bucket,
  type Dataset,
  initialParameters,
  type Network,
  type Plan,
  type Run,
} from "@convergence-lab/core";
import { withinMemory } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import type { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import { type KernelShape, kernelFeatures } from "../kernels/train-population/kernel-shape.ts";
import { MAX_NETWORKS, networkBytes } from "../kernels/train-population/memory-layout.ts";
import type { CheckpointStore } from "./checkpoints.ts";
import type { UploadedData } from "./data-buffer.ts";
import { type Member, Population } from "./population.ts";
import { probeRing } from "./probe-ring-sizes.ts";
import { RateTable } from "./rate-table.ts";

/**
 * The runs of a bucket in groups that are trained together. Runs whose numbers ask for another kernel
 * are in another group, so that a network trains alike alone and in a population. A group fits the
 * device's limits, and one batch of it stays within a short dispatch.
 */
export function populations(gpu: Gpu, bucket: Bucket, plan: Plan): Run[][] {
  const { limits, isSoftware } = gpu.adapter;
  const { network, batchSize } = bucket;
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const work = isSoftware ? SOFTWARE_WORK_PER_BATCH : WORK_PER_BATCH;
  const byTime = Math.floor(work / (3 * network.layout.size * batchSize));
  const kinds = new Map<string, Run[]>();
  for (const index of bucket.runs) {
    const run = plan.runs[index];
    const key = JSON.stringify(kernelFeatures(run.hyper));
    const kind = kinds.get(key) ?? [];
    kind.push(run);
    kinds.set(key, kind);
  }
  return [...kinds.values()].flatMap((kind) => {
    const features = kernelFeatures(kind[0].hyper);
    const shape = { network, batchSize, features, ...probesOf(bucket) };
    const byMemory = Math.floor(bytes / networkBytes(shape));
    const size = Math.max(1, Math.min(byMemory, byTime, MAX_NETWORKS));
    const groups = Math.ceil(kind.length / size);
    const even = Math.ceil(kind.length / groups);
    return Array.from({ length: groups }, (_, i) => kind.slice(i * even, (i + 1) * even));
  });
}

/**
 * Multiplications in one batch of all networks of a population. On a software adapter about 30 ms
 * (SwiftShader on two cores does 1e9 a second), so that a dispatch goes on by several batches and
 * finds a network's memory in the cache: 20-128-128-1 did 1,050 model-steps a second in dispatches
 * of 25 batches (bench/run.mjs kernel-plans) and 770 in dispatches of one. For a GPU, which wants
 * more workgroups than cores, an estimate that keeps one batch of the slowest below 100 ms.
 */
const SOFTWARE_WORK_PER_BATCH = 3e7;
const WORK_PER_BATCH = 2e9;

export interface PopulationSource {
  readonly bucket: Bucket;
  /** One of the groups of `populations`. */
  readonly runs: readonly Run[];
  readonly datasets: readonly Pick<Dataset, "train" | "test">[];
  readonly data: UploadedData;
  /** By the run's index in the plan. */
  readonly checkpoints?: Pick<CheckpointStore, "get">;
}

/** Of the kernel for one of the groups of `populations`. */
export function shapeOf(bucket: Bucket, runs: readonly Run[]): Omit<KernelShape, "plan"> {
  const { network, batchSize, shuffle } = bucket;
  return {
    ...probesOf(bucket),
    network: withoutInitializers(network),
    batchSize,
    shuffle,
    features: kernelFeatures(runs[0].hyper),
    isCaptured: false,
  };
}

function probesOf({ probes }: Bucket): Pick<KernelShape, "probes"> {
  return probes === undefined ? {} : { probes: probes.signals };
}

/**
 * @param start Whether each network has weights of its own, or all have those of the first, which for
 * many networks are soon drawn: enough for a trial.
 * @throws GpuError GPU_OUT_OF_MEMORY, GPU_TOO_LARGE, GPU_PIPELINE_FAILED, GPU_DEVICE_LOST
 */
export async function createPopulation(
  gpu: Gpu,
  kernels: Pick<KernelCache, "get">,
  { bucket, runs, datasets, data, checkpoints }: PopulationSource,
  start: "own" | "alike" = "own",
): Promise<Population> {
  const { network, batchSize, epochs } = bucket;
  const kernel = await kernels.get(shapeOf(bucket, runs));
  const { probes } = kernel.layout;
  const rates = new RateTable();
  const parametersOf = (run: Run) => initialParameters(network, run.trainingSeed, run.hyper);
  const common = start === "alike" ? parametersOf(runs[0]) : undefined;
  const members = runs.map((run): Member => {
    const { train, test } = datasets[run.dataset];
    const trainBatches = Math.ceil(train.rows / batchSize);
    const plannedSteps = epochs * trainBatches;
    return {
      run: run.index,
      trainingSeed: run.trainingSeed,
      hyper: run.hyper,
      data: data.places[run.dataset],
      rates: rates.place(network.optimizer, run.hyper, plannedSteps),
      initialParameters: () => common ?? parametersOf(run),
      checkpoint: start === "alike" ? undefined : checkpoints?.get(run.index),
      plannedSteps,
      batchesPerEpoch:
        trainBatches + Math.ceil(test.rows / batchSize) + (probes?.work.infers ? trainBatches : 0),
      hasTestPart: test.rows > 0,
    };
  });
  const parameterBytes = 16 * kernel.layout.networkBlocks;
  const ringBytes = Math.max(SMALLEST_RING, parameterBytes / 16);
  const ringEpochs = Math.max(
    1,
    Math.floor(Math.min(epochs, RING_EPOCHS / runs.length, ringBytes / 16)),
  );
  const ring =
    probes && bucket.probes
      ? probeRing(probes, bucket.probes, {
          networks: runs.length,
          ringEpochs,
          steps: members.reduce((most, { plannedSteps }) => Math.max(most, plannedSteps), 0),
        })
      : undefined;
  return withinMemory(
    gpu,
    (buffers) =>
      new Population(gpu, kernel, buffers, {
        ...(ring && { probeRing: ring }),
        members,
        epochs,
        rates: rates.values(),
        data: data.buffer,
        ringEpochs,
      }),
  );
}

/** Epochs of all networks of a population that wait for a report: 4 MiB of four floats each. */
const RING_EPOCHS = 2 ** 18;

/**
 * Bytes of one network's ring, which lies on the device three times, with what is read of it: a
 * sixteenth of its parameters and their state, and not below 320 epochs, so that a small network
 * needs no report more often than one can be read, and the self-check's 300 fit one dispatch.
 */
const SMALLEST_RING = 16 * 320;

/** Initializers decide no line of a kernel, so they must not tell two pipelines apart. */
function withoutInitializers(network: Network): Network {
  const layers = network.layers.map((layer) => ({
    ...layer,
    kernelInitializer: { name: "zeros" } as const,
    biasInitializer: { name: "zeros" } as const,
  }));
  return { ...network, layers };
}
