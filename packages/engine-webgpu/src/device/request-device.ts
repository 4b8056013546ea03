// From `navigator.gpu`, or what stands in for it, to a device with all that its adapter can do.

import { GpuError } from "../errors.ts";
import { type AdapterReport, LIMIT_NAMES, reportAdapter } from "./adapter-report.ts";

/** A device, what carries it, and what has happened to it. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterReport;
  /** Rejects when the device is lost, and never resolves. */
  readonly lost: Promise<never>;
  /** Throws the first error that nobody caught. */
  throwIfFailed(): void;
  /** Gives the device back; its loss is then no error. */
  destroy(): void;
}

/** @throws GpuError GPU_NO_ADAPTER, GPU_NO_DEVICE */
export async function requestGpu(gpu: GPU | undefined): Promise<Gpu> {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new GpuError(
      "GPU_NO_ADAPTER",
      `${gpu ? "WebGPU found no adapter" : "This runtime has no WebGPU"}; install the driver of the GPU, or use the cpu engine.`,
    );
  }
  const report = reportAdapter(adapter);
  const device = await adapter
    .requestDevice({
      label: "convergence-lab engine-webgpu",
      // Whatever the adapter has: the defaults are the least that any adapter must have.
      requiredLimits: Object.fromEntries(LIMIT_NAMES.map((name) => [name, adapter.limits[name]])),
    })
    .catch((cause: Error) => {
      throw new GpuError(
        "GPU_NO_DEVICE",
        `${report.name} gave no device (${cause.message}); reload the page or use the cpu engine.`,
        { cause },
      );
    });
  return watch(device, report);
}

/** Follows a device's errors and its loss. */
export function watch(device: GPUDevice, adapter: AdapterReport): Gpu {
  let failure: GpuError | undefined;
  let isDestroyed = false;
  device.addEventListener("uncapturederror", (event) => {
    const { error } = event as GPUUncapturedErrorEvent;
    failure ??= gpuErrorOf(error, adapter);
  });
  const lost = device.lost.then(({ reason, message }) => {
    // Nobody waits for a device that we gave back ourselves.
    if (isDestroyed) return new Promise<never>(() => {});
    throw new GpuError(
      "GPU_DEVICE_LOST",
      `${adapter.name} was lost (${reason}: ${message}); start again, or use the cpu engine.`,
    );
  });
  // Those who wait see the rejection; that nobody waits at the moment is no error either.
  lost.catch(() => {});
  return {
    device,
    adapter,
    lost,
    throwIfFailed() {
      if (failure) throw failure;
    },
    destroy() {
      isDestroyed = true;
      device.destroy();
    },
  };
}

/** A device's error as one of ours. */
export function gpuErrorOf(error: GPUError, adapter: AdapterReport): GpuError {
  // Without the global GPUOutOfMemoryError, as in Node, the constructor's name tells.
  return error.constructor.name === "GPUOutOfMemoryError"
    ? new GpuError(
        "GPU_OUT_OF_MEMORY",
        `${adapter.name} is out of memory (${error.message}); train fewer networks at once.`,
      )
    : new GpuError("GPU_VALIDATION_FAILED", `${adapter.name}: ${error.message}`);
}
