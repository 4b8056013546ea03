// From `navigator.gpu`, or what stands in for it, to a device with all that its adapter can do.

import { GpuError } from "../errors.ts";
import { type AdapterReport, LIMIT_NAMES, reportAdapter } from "./adapter-report.ts";

/** A device, what carries it, and what has happened to it. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterReport;
  /** What `promise` gives; rejects with GPU_DEVICE_LOST when the device is lost before. */
  wait<T>(promise: Promise<T>): Promise<T>;
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
      requiredFeatures: report.features.includes("subgroups") ? ["subgroups"] : [],
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

/**
 * What fails because the device went away may fail before the loss is told, by how many ms: 200 were
 * too few on a machine with four processes to a core.
 */
const LOSS_IS_TOLD_WITHIN = 2000;

/** Follows a device's errors and its loss. */
export function watch(device: GPUDevice, adapter: AdapterReport): Gpu {
  let failure: GpuError | undefined;
  let loss: GpuError | undefined;
  let isDestroyed = false;
  // Not one promise that all race against: it would keep a reaction of every wait of a long training.
  const waiting = new Set<(loss: GpuError) => void>();
  device.addEventListener("uncapturederror", (event) => {
    const { error } = event as GPUUncapturedErrorEvent;
    failure ??= gpuErrorOf(error, adapter);
  });
  device.lost.then(({ reason, message }) => {
    // Nobody waits for a device that we gave back ourselves.
    if (isDestroyed) return;
    loss = new GpuError(
      "GPU_DEVICE_LOST",
      `${adapter.name} was lost (${reason}: ${message}); start again, or use the cpu engine.`,
    );
    for (const reject of waiting) reject(loss);
  });

  return {
    device,
    adapter,
    wait: (promise) =>
      new Promise((resolve, reject) => {
        const settle = (how: () => void) => {
          waiting.delete(reject);
          how();
        };
        waiting.add(reject);
        promise.then(
          (value) => settle(() => resolve(value)),
          (error) => setTimeout(settle, LOSS_IS_TOLD_WITHIN, () => reject(error)),
        );
        if (loss) reject(loss);
      }),
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
    ? outOfMemory(adapter, error.message)
    : new GpuError("GPU_VALIDATION_FAILED", `${adapter.name}: ${error.message}`);
}

export function outOfMemory(adapter: AdapterReport, message: string): GpuError {
  return new GpuError(
    "GPU_OUT_OF_MEMORY",
    `${adapter.name} is out of memory (${message}); use less data, smaller networks or smaller batches, or the cpu engine.`,
  );
}
