// Checkpoints: what a network needs to go on from where it was, on another device of the same kind.
// Networks do not know of each other, so each has its own, and they need not be of one moment: with
// every report a slice of the population is read back, so that a checkpoint of all of them costs no
// pause and little memory.
//
// The state of a network is its entry of `parameters` and its entry of `progress`; nothing else may
// outlive a dispatch.

import type { Buffers } from "../device/buffers.ts";
import { PROGRESS_WORDS } from "../kernels/train-population/train-population.ts";

export interface Checkpoint {
  /** Parameters, gradients and the optimizer's state, in the device's order. */
  readonly parameters: Float32Array<ArrayBuffer>;
  /** The kernel's `Progress`. */
  readonly progress: Uint32Array<ArrayBuffer>;
  /** Where counts are asked for: those of the last epoch that no report has told. */
  readonly lastCounts?: Uint32Array | undefined;
}

/**
 * Bytes per second that reading checkpoints may take: 4 MiB in a report interval of 250 ms, a
 * thousandth of what a PCIe 4 slot carries. A network of 57 KiB (20-64-32-1 with Adam) has a new
 * checkpoint every two seconds in a population of 500.
 */
const BYTES_PER_SECOND = 2 ** 24;

/** A slice is at most this, or one network. */
const LARGEST_SLICE = 2 ** 22;

/** A slice is at most this share of the population, so that the device's memory grows little. */
const SLICES_PER_POPULATION = 8;

/** Reads checkpoints of one population, a slice at a time. */
export class CheckpointReader {
  readonly #parameters: GPUBuffer;
  readonly #progress: GPUBuffer;
  readonly #staging: GPUBuffer;
  readonly #networks: number;
  readonly #perSlice: number;
  readonly #networkBytes: number;
  #next = 0;
  #isReading = false;
  #nextDue = 0;

  constructor(buffers: Buffers, parameters: GPUBuffer, progress: GPUBuffer, networks: number) {
    this.#parameters = parameters;
    this.#progress = progress;
    this.#networks = networks;
    this.#networkBytes = parameters.size / networks;
    const perSlice = Math.min(
      Math.ceil(networks / SLICES_PER_POPULATION),
      Math.floor(LARGEST_SLICE / this.#networkBytes),
    );
    this.#perSlice = Math.max(1, perSlice);
    const size = this.#perSlice * (this.#networkBytes + PROGRESS_BYTES);
    this.#staging = buffers.create(
      "checkpoints",
      size,
      GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    );
  }

  /**
   * Adds the copy of the next slice, if one is due. What it gives must be called once the encoder's
   * commands are submitted: it resolves to the slice's checkpoints, by their place in the population.
   */
  encode(encoder: GPUCommandEncoder): (() => Promise<Map<number, Checkpoint>>) | undefined {
    if (this.#isReading || performance.now() < this.#nextDue) return undefined;
    const first = this.#next;
    const count = Math.min(this.#perSlice, this.#networks - first);
    const bytes = count * this.#networkBytes;
    const progressBytes = count * PROGRESS_BYTES;
    this.#next = (first + count) % this.#networks;
    this.#isReading = true;
    this.#nextDue = performance.now() + (1000 * (bytes + progressBytes)) / BYTES_PER_SECOND;
    encoder.copyBufferToBuffer(
      this.#parameters,
      first * this.#networkBytes,
      this.#staging,
      0,
      bytes,
    );
    encoder.copyBufferToBuffer(
      this.#progress,
      first * PROGRESS_BYTES,
      this.#staging,
      bytes,
      progressBytes,
    );
    return async () => {
      await this.#staging.mapAsync(GPUMapMode.READ, 0, bytes + progressBytes);
      const content = this.#staging.getMappedRange(0, bytes + progressBytes);
      const slice = new Map(
        Array.from({ length: count }, (_, i): [number, Checkpoint] => [
          first + i,
          {
            parameters: new Float32Array(
              content.slice(i * this.#networkBytes, (i + 1) * this.#networkBytes),
            ),
            progress: new Uint32Array(
              content.slice(bytes + i * PROGRESS_BYTES, bytes + (i + 1) * PROGRESS_BYTES),
            ),
          },
        ]),
      );
      this.#staging.unmap();
      this.#isReading = false;
      return slice;
    };
  }
}

const PROGRESS_BYTES = 4 * PROGRESS_WORDS;

/**
 * Bytes of checkpoints that this process keeps. A network without one is trained again from its
 * start, which gives the same numbers, so the limit costs time on a loss and nothing else.
 */
const LARGEST_STORE = 2 ** 28;

/** The last checkpoint of each run that is under way. Outlives populations and devices. */
export class CheckpointStore {
  readonly #kept = new Map<number, Checkpoint>();
  #bytes = 0;

  get(run: number): Checkpoint | undefined {
    return this.#kept.get(run);
  }

  keep(run: number, checkpoint: Checkpoint): void {
    this.forget(run);
    const { byteLength } = checkpoint.parameters;
    if (this.#bytes + byteLength > LARGEST_STORE) return;
    this.#bytes += byteLength;
    this.#kept.set(run, checkpoint);
  }

  forget(run: number): void {
    this.#bytes -= this.#kept.get(run)?.parameters.byteLength ?? 0;
    this.#kept.delete(run);
  }
}
