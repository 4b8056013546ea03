// Networks of one kernel on the device: their buffers, and what one can do with them: let them train
// on, ask how far they are, and leave out those that have ended. All buffers are made before the
// first dispatch; how a batch is computed is the kernel's business alone.

import type { DispatchEvent } from "@convergence-lab/core";
import type { Buffers } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import {
  captureLayout,
  MAX_NETWORKS,
  packParameters,
  unpackParameters,
} from "../kernels/train-population/memory-layout.ts";
import { type ProbeRing, RingPlaces } from "../kernels/train-population/probes/probe-ring.ts";
import {
  type EncodeAdvance,
  PROGRESS_WORDS,
  type TrainPopulationBuffers,
  type TrainPopulationKernel,
} from "../kernels/train-population/train-population.ts";
import { type Checkpoint, CheckpointReader } from "./checkpoints.ts";
import { networkTable, type ProbeTable, type TableEntry } from "./network-table.ts";
import { batchesWithinRing, ProbeSchedule } from "./probe-ring-sizes.ts";
import { ReportedProbes } from "./reported-probes.ts";

/** One network: what it starts from, and how long it takes. */
export interface Member extends TableEntry {
  /** Index into `plan.runs`. */
  readonly run: number;
  /** Flat, in the order of `network.layout`; made when they are needed, for there may be many. */
  readonly initialParameters: () => ArrayLike<number>;
  /** Where to go on; absent: from the initial parameters. */
  readonly checkpoint?: Checkpoint | undefined;
  readonly plannedSteps: number;
  /** Training and test batches. */
  readonly batchesPerEpoch: number;
  readonly hasTestPart: boolean;
}

export interface PopulationOptions {
  readonly members: readonly Member[];
  readonly epochs: number;
  readonly rates: Float32Array;
  readonly data: GPUBuffer;
  /** Epochs whose signals are kept until they are read. */
  readonly ringEpochs: number;
  /** What waits of probes; there when the kernel measures. */
  readonly probeRing?: ProbeRing;
  /** Steps that a capturing kernel has room for. */
  readonly capturedSteps?: number;
}

/** How far each network was when its report was asked for. */
export interface PopulationReport {
  networkAt(i: number): NetworkReport;
  /** Loss, accuracy, validation loss, validation accuracy of an epoch that is still in the ring. */
  signalsAt(i: number, epoch: number): Float32Array;
  /** What has been measured and is still in the ring; null without probes. */
  readonly probes: ReportedProbes | null;
  /** Some of the networks as they were then. */
  readonly checkpoints: ReadonlyMap<number, Checkpoint>;
}

export interface NetworkReport {
  readonly epochs: number;
  readonly steps: number;
  readonly status: number;
}

/** Words of the kernel's `Dispatch` before the alive list. */
const DISPATCH_WORDS = 4;

/** Reports that may be on their way at a time. */
const REPORTS_IN_FLIGHT = 2;

export class Population {
  readonly members: readonly Member[];
  readonly epochs: number;
  readonly ringEpochs: number;
  readonly #gpu: Gpu;
  readonly #kernel: TrainPopulationKernel;
  readonly #owned: Buffers;
  readonly #buffers: TrainPopulationBuffers;
  readonly #encodeAdvance: EncodeAdvance;
  readonly #checkpoints: CheckpointReader;
  readonly #probes: (ProbeTable & { readonly schedule: ProbeSchedule }) | null;
  readonly #freeStaging: GPUBuffer[];
  readonly #dispatch = new Uint32Array(DISPATCH_WORDS);
  #alive: number;
  #batches = 0;

  constructor(
    gpu: Gpu,
    kernel: TrainPopulationKernel,
    buffers: Buffers,
    options: PopulationOptions,
  ) {
    const { members, epochs, rates, data, ringEpochs, capturedSteps = 0, probeRing } = options;
    const { plan, isCaptured } = kernel.shape;
    const size = members.length;
    this.members = members;
    this.epochs = epochs;
    this.ringEpochs = ringEpochs;
    this.#gpu = gpu;
    this.#kernel = kernel;
    this.#owned = buffers;
    const { probes } = kernel.layout;
    this.#probes =
      probes && probeRing
        ? {
            layout: probes,
            ring: probeRing,
            schedule: new ProbeSchedule(members, epochs, probeRing.everySteps),
          }
        : null;
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
    const filled = (name: string, { buffer }: { readonly buffer: ArrayBufferLike }) =>
      buffers.filled(name, buffer.byteLength, (content) =>
        new Uint8Array(content).set(new Uint8Array(buffer)),
      );
    const captured = 16 * capturedSteps * captureLayout(kernel.layout).stepBlocks;
    const parameters = buffers.filled(
      "parameters",
      16 * kernel.layout.networkBlocks * size,
      (content) => this.#writeParameters(new Float32Array(content)),
    );
    const progress = buffers.filled("progress", 4 * PROGRESS_WORDS * size, (content) => {
      const words = new Uint32Array(content);
      members.forEach(({ checkpoint }, i) => {
        if (checkpoint) words.set(checkpoint.progress, PROGRESS_WORDS * i);
      });
    });
    this.#buffers = {
      dispatch: buffers.create("dispatch", 4 * (DISPATCH_WORDS + MAX_NETWORKS), UNIFORM | COPY_DST),
      networks: filled("networks", {
        buffer: networkTable(kernel.shape, epochs, members, this.#probes),
      }),
      data,
      rates: filled("rates", rates),
      parameters,
      progress,
      curves: buffers.create("curves", 16 * ringEpochs * size, STORAGE | COPY_SRC),
      values:
        plan.values === "storage"
          ? buffers.create("values", 16 * kernel.layout.valueBlocks * size, STORAGE | COPY_SRC)
          : undefined,
      captures: isCaptured ? buffers.create("captures", captured, STORAGE | COPY_SRC) : undefined,
      probes: this.#probes ? this.#createProbes(this.#probes) : undefined,
    };
    this.#encodeAdvance = kernel.bind(this.#buffers);
    this.#checkpoints = new CheckpointReader(buffers, parameters, progress, size);
    const { curves, probes: measured } = this.#buffers;
    const reportBytes = progress.size + curves.size + (measured?.size ?? 0);
    this.#freeStaging = Array.from({ length: REPORTS_IN_FLIGHT }, (_, i) =>
      buffers.create(`report ${i}`, reportBytes, MAP_READ | COPY_DST),
    );
    this.#alive = size;
    this.keep(members.map((_, i) => i));
  }

  /** From the next dispatch on only these networks train; the others' workgroups are not launched. */
  keep(alive: readonly number[]): void {
    this.#alive = alive.length;
    const { dispatch } = this.#buffers;
    this.#gpu.device.queue.writeBuffer(dispatch, 4 * DISPATCH_WORDS, Uint32Array.from(alive));
  }

  /** Lets every kept network go on by `batches`, or to its end; resolves when that is done. */
  advance(batches: number): Promise<unknown> {
    const { device } = this.#gpu;
    this.#dispatch.set([batches, this.ringEpochs, this.#alive]);
    device.queue.writeBuffer(this.#buffers.dispatch, 0, this.#dispatch);
    const encoder = device.createCommandEncoder({ label: "advance" });
    const first = this.#batches;
    this.#batches += batches;
    const isProbed = (batch: number) => this.#probes?.schedule.isProbed(first + batch) ?? false;
    this.#encodeAdvance(encoder, this.#alive, batches, isProbed);
    device.queue.submit([encoder.finish()]);
    return this.#gpu.wait(device.queue.onSubmittedWorkDone());
  }

  /** What a dispatch of so many batches launches; probes are there in the batches that they measure. */
  launched(batches: number): Pick<DispatchEvent, "kernel" | "launches"> {
    const { label, launches, isPerBatch } = this.#kernel;
    const times = isPerBatch ? batches : 1;
    return {
      kernel: label,
      launches: launches.map(({ entryPoint, workgroups }) => ({ entryPoint, workgroups, times })),
    };
  }

  /** Most batches from one report to the next in which a network laps none of its rings. */
  get batchesPerReport(): number {
    const shortest = this.members.reduce(
      (least, { batchesPerEpoch }) => Math.min(least, batchesPerEpoch),
      Number.POSITIVE_INFINITY,
    );
    const { layout, ring } = this.#probes ?? {};
    return Math.min(
      this.ringEpochs * shortest,
      layout && ring ? batchesWithinRing(layout, ring, shortest) : Number.POSITIVE_INFINITY,
    );
  }

  /** Whether `report` may be called, or as many reports as are allowed are on their way. */
  get canReport(): boolean {
    return this.#freeStaging.length > 0;
  }

  /** What has been computed once everything submitted so far is done. */
  async report(): Promise<PopulationReport> {
    const { device } = this.#gpu;
    const staging = this.#freeStaging.pop()!;
    const { progress, curves, probes } = this.#buffers;
    const encoder = device.createCommandEncoder({ label: "report" });
    encoder.copyBufferToBuffer(progress, 0, staging, 0, progress.size);
    encoder.copyBufferToBuffer(curves, 0, staging, progress.size, curves.size);
    const beforeProbes = progress.size + curves.size;
    if (probes) encoder.copyBufferToBuffer(probes, 0, staging, beforeProbes, probes.size);
    const readSlice = this.#checkpoints.encode(encoder);
    device.queue.submit([encoder.finish()]);
    // A checkpoint counts only together with the signals of the epochs before it.
    const [checkpoints = new Map(), content] = await this.#gpu.wait(
      Promise.all([readSlice?.(), contentOf(staging)]),
    );
    this.#freeStaging.push(staging);
    this.#gpu.throwIfFailed();
    const words = new Uint32Array(content, 0, PROGRESS_WORDS * this.members.length);
    const signals = new Float32Array(content, progress.size, curves.size / 4);
    const ring = this.ringEpochs;
    return {
      networkAt(i) {
        const [epochs, , steps, status] = words.subarray(PROGRESS_WORDS * i);
        return { epochs, steps, status };
      },
      signalsAt(i, epoch) {
        const first = 4 * (i * ring + (epoch % ring));
        return signals.subarray(first, first + 4);
      },
      probes: this.#probes && this.#reported(this.#probes, new Uint32Array(content, beforeProbes)),
      checkpoints,
    };
  }

  /** What a capturing kernel wrote, whole. */
  async captures(): Promise<Float32Array> {
    const { device } = this.#gpu;
    const captures = this.#buffers.captures!;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#owned.create("captures read", captures.size, MAP_READ | COPY_DST);
    const encoder = device.createCommandEncoder({ label: "captures" });
    encoder.copyBufferToBuffer(captures, 0, staging, 0, captures.size);
    device.queue.submit([encoder.finish()]);
    const content = await this.#gpu.wait(contentOf(staging));
    this.#gpu.throwIfFailed();
    return new Float32Array(content);
  }

  /** Parameters from the place of a captured step, flat in the order of `network.layout`. */
  unpack(packed: Float32Array): Float32Array {
    return unpackParameters(this.#kernel.layout, packed);
  }

  destroy(): void {
    this.#owned.destroy();
  }

  #createProbes({ layout, ring }: ProbeTable): GPUBuffer {
    const { size, lastCounts } = new RingPlaces(layout, ring);
    return this.#owned.filled("probes", 4 * size * this.members.length, (content) => {
      const words = new Uint32Array(content);
      this.members.forEach(({ checkpoint }, i) => {
        if (checkpoint?.lastCounts) words.set(checkpoint.lastCounts, size * i + lastCounts.first);
      });
    });
  }

  #reported({ layout, ring }: ProbeTable, words: Uint32Array): ReportedProbes {
    return new ReportedProbes(layout, this.#kernel.shape.probes!, ring, words);
  }

  #writeParameters(all: Float32Array): void {
    const { layout, shape } = this.#kernel;
    const { networkBlocks, parameterBlocks, slots } = layout;
    for (const [i, { initialParameters, checkpoint, hyper }] of this.members.entries()) {
      const own = all.subarray(4 * networkBlocks * i, 4 * networkBlocks * (i + 1));
      if (checkpoint) {
        own.set(checkpoint.parameters);
        continue;
      }
      packParameters(layout, initialParameters(), own);
      // The one optimizer whose state does not start at 0.
      if (shape.network.optimizer.name === "adagrad") {
        own.fill(hyper.initialAccumulator, 4 * 2 * parameterBlocks, 4 * slots * parameterBlocks);
      }
    }
  }
}

/** Mapped and read in one go: a device may be lost in between, and the read then fails with it. */
async function contentOf(staging: GPUBuffer): Promise<ArrayBuffer> {
  await staging.mapAsync(GPUMapMode.READ);
  const content = staging.getMappedRange().slice(0);
  staging.unmap();
  return content;
}
