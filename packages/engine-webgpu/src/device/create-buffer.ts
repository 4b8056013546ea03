// Buffers with a label, and an error that says what would not fit.

import { GpuError } from "../errors.ts";
import type { Gpu } from "./request-device.ts";

/** @throws GpuError GPU_TOO_LARGE before the device would refuse. */
export function createBuffer(
  { device, adapter }: Gpu,
  name: string,
  size: number,
  usage: number,
  mappedAtCreation = false,
): GPUBuffer {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (size > limit) {
    throw new GpuError(
      "GPU_TOO_LARGE",
      `the buffer "${name}" would take ${size} bytes, and ${adapter.name} allows ${limit}; use less data or smaller batches, or the cpu engine.`,
    );
  }
  return device.createBuffer({ label: `engine-webgpu ${name}`, size, usage, mappedAtCreation });
}
