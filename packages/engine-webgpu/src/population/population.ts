// Networks of one kernel on the device: their buffers, and what one can do with them: let them train
// on, ask how far they are, and leave out those that have ended. All buffers are made before the
// first dispatch; how a batch is computed is the kernel's business alone.

import type { Buffers } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import {
  captureLayout,
  MAX_NETWORKS,
  packParameters,
  unpackParameters,
} from "../kernels/train-population/memory-layout.ts";
import {
  type EncodeAdvance,
  PROGRESS_WORDS,
  type TrainPopulationBuffers,
  type TrainPopulationKernel,
} from "../kernels/train-population/train-population.ts";
import { type Checkpoint, CheckpointReader } from "./checkpoints.ts";
import { networkTable, type TableEntry } from "./network-table.ts";

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
  /** Steps that a capturing kernel has room for. */
  readonly capturedSteps?: number;
}

/** How far each network was when its report was asked for. */
export interface PopulationReport {
  networkAt(i: number): NetworkReport;
  /** Loss, accuracy, validation loss, validation accuracy of an epoch that is still in the ring. */
  signalsAt(i: number, epoch: number): Float32Array;
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
  readonly #freeStaging: GPUBuffer[];
  readonly #dispatch = new Uint32Array(DISPATCH_WORDS);
  #alive: number;

  constructor(
    gpu: Gpu,
    kernel: TrainPopulationKernel,
    buffers: Buffers,
    options: PopulationOptions,
  ) {
    const { members, epochs, rates, data, ringEpochs, capturedSteps = 0 } = options;
    const { plan, isCaptured } = kernel.shape;
    const size = members.length;
    this.members = members;
    this.epochs = epochs;
    this.ringEpochs = ringEpochs;
    this.#gpu = gpu;
    this.#kernel = kernel;
    this.#owned = buffers;
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
      networks: filled("networks", { buffer: networkTable(kernel.shape, epochs, members) }),
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
    };
    this.#encodeAdvance = kernel.bind(this.#buffers);
    this.#checkpoints = new CheckpointReader(buffers, parameters, progress, size);
    const { curves } = this.#buffers;
    this.#freeStaging = Array.from({ length: REPORTS_IN_FLIGHT }, (_, i) =>
      buffers.create(`report ${i}`, progress.size + curves.size, MAP_READ | COPY_DST),
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
    this.#dispatch.set([batches, this.ringEpochs]);
    device.queue.writeBuffer(this.#buffers.dispatch, 0, this.#dispatch);
    const encoder = device.createCommandEncoder({ label: "advance" });
    this.#encodeAdvance(encoder, this.#alive, batches);
    device.queue.submit([encoder.finish()]);
    return this.#gpu.wait(device.queue.onSubmittedWorkDone());
  }

  /** Whether `report` may be called, or as many reports as are allowed are on their way. */
  get canReport(): boolean {
    return this.#freeStaging.length > 0;
  }

  /** What has been computed once everything submitted so far is done. */
  async report(): Promise<PopulationReport> {
    const { device } = this.#gpu;
    const staging = this.#freeStaging.pop()!;
    const { progress, curves } = this.#buffers;
    const encoder = device.createCommandEncoder({ label: "report" });
    encoder.copyBufferToBuffer(progress, 0, staging, 0, progress.size);
    encoder.copyBufferToBuffer(curves, 0, staging, progress.size, curves.size);
    const readSlice = this.#checkpoints.encode(encoder);
    device.queue.submit([encoder.finish()]);
    // A checkpoint counts only together with the signals of the epochs before it.
    const [checkpoints = new Map(), content] = await this.#gpu.wait(
      Promise.all([readSlice?.(), contentOf(staging)]),
    );
    this.#freeStaging.push(staging);
    this.#gpu.throwIfFailed();
    const words = new Uint32Array(content, 0, PROGRESS_WORDS * this.members.length);
    const signals = new Float32Array(content, progress.size);
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

  #writeParameters(all: Float32Array): void {
    const { layout, shape } = this.#kernel;
    const { networkBlocks, parameterBlocks } = layout;
    for (const [i, { initialParameters, checkpoint, hyper }] of this.members.entries()) {
      const own = all.subarray(4 * networkBlocks * i, 4 * networkBlocks * (i + 1));
      if (checkpoint) {
        own.set(checkpoint.parameters);
        continue;
      }
      packParameters(layout, initialParameters(), own);
      // The one optimizer whose state does not start at 0.
      if (shape.network.optimizer.name === "adagrad") {
        own.fill(hyper.initialAccumulator, 4 * 2 * parameterBlocks);
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
