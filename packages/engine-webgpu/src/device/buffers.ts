// Buffers that are made together and go together: each with a label, an error that says what would
// not fit, and all of them given back when there is no room for one.

import { GpuError } from "../errors.ts";
import { type Gpu, gpuErrorOf, outOfMemory } from "./request-device.ts";

export class Buffers {
  readonly #gpu: Gpu;
  readonly #made: GPUBuffer[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** @throws GpuError GPU_TOO_LARGE before the device would refuse. */
  create(name: string, size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    const { device, adapter } = this.#gpu;
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > limit) {
      throw new GpuError(
        "GPU_TOO_LARGE",
        `the buffer "${name}" would take ${size} bytes, and ${adapter.name} allows ${limit}; use less data or smaller batches, or the cpu engine.`,
      );
    }
    const label = `engine-webgpu ${name}`;
    const buffer = device.createBuffer({ label, size, usage, mappedAtCreation });
    this.#made.push(buffer);
    return buffer;
  }

  /** A storage buffer with content. */
  filled(name: string, size: number, fill: (content: ArrayBuffer) => void): GPUBuffer {
    const { STORAGE, COPY_SRC } = GPUBufferUsage;
    const buffer = this.create(name, size, STORAGE | COPY_SRC, true);
    fill(buffer.getMappedRange());
    buffer.unmap();
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#made) buffer.destroy();
  }
}

/**
 * What `make` makes of buffers; without room for one of them all are given back.
 *
 * @throws GpuError GPU_OUT_OF_MEMORY, GPU_TOO_LARGE, GPU_DEVICE_LOST
 */
export async function withinMemory<T>(gpu: Gpu, make: (buffers: Buffers) => T): Promise<T> {
  const { device, adapter } = gpu;
  const buffers = new Buffers(gpu);
  device.pushErrorScope("out-of-memory");
  const made = attempt(() => make(buffers));
  try {
    const error = await gpu.wait(device.popErrorScope());
    if (error) throw gpuErrorOf(error, adapter);
    if ("value" in made) return made.value;
    // A buffer that is mapped when it is made needs room in this process as well.
    if (made.thrown instanceof RangeError) throw outOfMemory(adapter, made.thrown.message);
    throw made.thrown;
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

function attempt<T>(make: () => T): { value: T } | { thrown: unknown } {
  try {
    return { value: make() };
  } catch (thrown) {
    return { thrown };
  }
}
