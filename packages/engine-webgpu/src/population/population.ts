// Networks of one kernel on the device: their buffers, and what one can do with them: let them train
// on, ask how far they are, and leave those that have ended out of it. All buffers are made here,
// before the first dispatch; how a batch is computed is the kernel's business alone.

import { createBuffer } from "../device/create-buffer.ts";
import type { Gpu } from "../device/request-device.ts";
import {
  captureLayout,
  MAX_NETWORKS,
  packParameters,
  unpackParameters,
} from "../kernels/train-population/memory-layout.ts";
import {
  bindTrainPopulation,
  type EncodeAdvance,
  PROGRESS_WORDS,
  type TrainPopulationBuffers,
  type TrainPopulationKernel,
} from "../kernels/train-population/train-population.ts";
import { networkTable, type TableEntry } from "./network-table.ts";

/** One network: what it starts from, and how long it takes. */
export interface Member extends TableEntry {
  /** Index into `plan.runs`. */
  readonly run: number;
  /** Flat, in the order of `network.layout`. */
  readonly parameters: ArrayLike<number>;
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
  readonly #buffers: TrainPopulationBuffers;
  readonly #owned: GPUBuffer[] = [];
  readonly #encodeAdvance: EncodeAdvance;
  readonly #freeStaging: GPUBuffer[];
  readonly #dispatch = new Uint32Array(DISPATCH_WORDS);
  #alive: number;

  constructor(gpu: Gpu, kernel: TrainPopulationKernel, options: PopulationOptions) {
    const { members, epochs, rates, data, ringEpochs, capturedSteps = 0 } = options;
    const { network, plan, isCaptured, batchSize } = kernel.shape;
    const size = members.length;
    this.members = members;
    this.epochs = epochs;
    this.ringEpochs = ringEpochs;
    this.#gpu = gpu;
    this.#kernel = kernel;
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
    const captured = isCaptured
      ? 16 * capturedSteps * captureLayout(network, batchSize).stepBlocks
      : 0;
    this.#buffers = {
      dispatch: this.#buffer("dispatch", 4 * (DISPATCH_WORDS + MAX_NETWORKS), UNIFORM | COPY_DST),
      networks: this.#filled("networks", networkTable({ network, epochs }, members)),
      data,
      rates: this.#filled("rates", rates.buffer as ArrayBuffer),
      parameters: this.#initialParameters(),
      progress: this.#buffer("progress", 4 * PROGRESS_WORDS * size, STORAGE | COPY_SRC),
      curves: this.#buffer("curves", 16 * ringEpochs * size, STORAGE | COPY_SRC),
      values:
        plan.values === "storage"
          ? this.#buffer("values", 16 * kernel.layout.valueBlocks * size, STORAGE)
          : undefined,
      captures: isCaptured ? this.#buffer("captures", captured, STORAGE | COPY_SRC) : undefined,
    };
    this.#encodeAdvance = bindTrainPopulation(gpu.device, kernel, this.#buffers);
    this.#alive = size;
    this.keep(members.map((_, i) => i));
    const { progress, curves } = this.#buffers;
    this.#freeStaging = Array.from({ length: REPORTS_IN_FLIGHT }, (_, i) =>
      this.#buffer(`report ${i}`, progress.size + curves.size, MAP_READ | COPY_DST),
    );
  }

  /** From the next dispatch on only these networks train; the others' workgroups are not launched. */
  keep(alive: readonly number[]): void {
    this.#alive = alive.length;
    const { dispatch } = this.#buffers;
    this.#gpu.device.queue.writeBuffer(dispatch, 4 * DISPATCH_WORDS, Uint32Array.from(alive));
  }

  /** Lets every kept network go on by `batches`, or to its end; resolves when that is done. */
  advance(batches: number): Promise<unknown> {
    const { device, lost } = this.#gpu;
    this.#dispatch.set([batches, this.ringEpochs]);
    device.queue.writeBuffer(this.#buffers.dispatch, 0, this.#dispatch);
    const encoder = device.createCommandEncoder({ label: "advance" });
    this.#encodeAdvance(encoder, this.#alive);
    device.queue.submit([encoder.finish()]);
    return Promise.race([device.queue.onSubmittedWorkDone(), lost]);
  }

  /** Whether `report` may be called, or as many reports as are allowed are on their way. */
  get canReport(): boolean {
    return this.#freeStaging.length > 0;
  }

  /** What has been computed once everything submitted so far is done. */
  async report(): Promise<PopulationReport> {
    const { device, lost } = this.#gpu;
    const staging = this.#freeStaging.pop()!;
    const { progress, curves } = this.#buffers;
    const encoder = device.createCommandEncoder({ label: "report" });
    encoder.copyBufferToBuffer(progress, 0, staging, 0, progress.size);
    encoder.copyBufferToBuffer(curves, 0, staging, progress.size, curves.size);
    device.queue.submit([encoder.finish()]);
    await Promise.race([staging.mapAsync(GPUMapMode.READ), lost]);
    const content = staging.getMappedRange().slice(0);
    staging.unmap();
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
    };
  }

  /** What a capturing kernel wrote, whole. */
  async captures(): Promise<Float32Array> {
    const { device, lost } = this.#gpu;
    const captures = this.#buffers.captures!;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#buffer("captures read", captures.size, MAP_READ | COPY_DST);
    const encoder = device.createCommandEncoder({ label: "captures" });
    encoder.copyBufferToBuffer(captures, 0, staging, 0, captures.size);
    device.queue.submit([encoder.finish()]);
    await Promise.race([staging.mapAsync(GPUMapMode.READ), lost]);
    this.#gpu.throwIfFailed();
    return new Float32Array(staging.getMappedRange().slice(0));
  }

  /** Parameters from the place of a captured step, flat in the order of `network.layout`. */
  unpack(packed: Float32Array): Float32Array {
    return unpackParameters(this.#kernel.shape.network, this.#kernel.layout, packed);
  }

  destroy(): void {
    for (const buffer of this.#owned) buffer.destroy();
  }

  #initialParameters(): GPUBuffer {
    const { layout, shape } = this.#kernel;
    const { networkBlocks, parameterBlocks } = layout;
    const buffer = this.#buffer(
      "parameters",
      16 * networkBlocks * this.members.length,
      GPUBufferUsage.STORAGE,
      true,
    );
    const all = new Float32Array(buffer.getMappedRange());
    this.members.forEach(({ parameters, hyper }, i) => {
      const own = all.subarray(4 * networkBlocks * i, 4 * networkBlocks * (i + 1));
      packParameters(shape.network, layout, parameters, own);
      // The one optimizer whose state does not start at 0.
      if (shape.network.optimizer.name === "adagrad") {
        own.fill(hyper.initialAccumulator, 4 * 2 * parameterBlocks);
      }
    });
    buffer.unmap();
    return buffer;
  }

  #filled(name: string, content: ArrayBuffer): GPUBuffer {
    const buffer = this.#buffer(name, content.byteLength, GPUBufferUsage.STORAGE, true);
    new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(content));
    buffer.unmap();
    return buffer;
  }

  #buffer(name: string, size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    const buffer = createBuffer(this.#gpu, name, size, usage, mappedAtCreation);
    this.#owned.push(buffer);
    return buffer;
  }
}
