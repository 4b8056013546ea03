// The device that an engine trains on, with the kernels made for it; and a fresh one when it is lost.

import { type Gpu, requestGpu } from "../device/request-device.ts";
import { GpuError } from "../errors.ts";
import { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import type { KernelTuner } from "./tune-kernel.ts";

/**
 * Pauses before the attempts to get a fresh device, in ms: a driver or browser that restarts its GPU
 * process has no adapter for a moment.
 */
const PAUSES = [0, 200, 1000];

export class DeviceSession {
  /** Null where the planner's versions of kernels are to run. Its choices outlive a device. */
  readonly tuner: KernelTuner | null;
  readonly #source: GPU | undefined;
  #gpu: Gpu;
  #kernels: KernelCache;

  private constructor(source: GPU | undefined, gpu: Gpu, tuner: KernelTuner | null) {
    this.tuner = tuner;
    this.#source = source;
    this.#gpu = gpu;
    this.#kernels = new KernelCache(gpu);
  }

  /** @throws GpuError GPU_NO_ADAPTER, GPU_NO_DEVICE */
  static async open(source: GPU | undefined, tuner: KernelTuner | null): Promise<DeviceSession> {
    return new DeviceSession(source, await requestGpu(source), tuner);
  }

  get gpu(): Gpu {
    return this.#gpu;
  }

  get kernels(): KernelCache {
    return this.#kernels;
  }

  /**
   * Takes a fresh device of the same adapter, whose numbers are the same, in the place of a lost one.
   *
   * @throws GpuError GPU_NO_ADAPTER, GPU_NO_DEVICE when there is none
   */
  async renew(): Promise<void> {
    const { name } = this.#gpu.adapter;
    this.#gpu.destroy();
    const gpu = await this.#requestAgain();
    if (gpu.adapter.name !== name) {
      gpu.destroy();
      throw new GpuError(
        "GPU_NO_DEVICE",
        `the adapter is now ${gpu.adapter.name}, and the numbers of two adapters do not mix.`,
      );
    }
    this.#gpu = gpu;
    this.#kernels = new KernelCache(gpu);
  }

  async #requestAgain(): Promise<Gpu> {
    let failure: unknown;
    for (const pause of PAUSES) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        return await requestGpu(this.#source);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}
