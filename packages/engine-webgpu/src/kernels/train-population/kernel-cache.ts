// The pipelines of one device, each made once.

import type { Gpu } from "../../device/request-device.ts";
import { planKernel } from "./kernel-plan.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { createTrainPopulation, type TrainPopulationKernel } from "./train-population.ts";

export class KernelCache {
  readonly #gpu: Gpu;
  readonly #plan: typeof planKernel;
  readonly #kernels = new Map<string, Promise<TrainPopulationKernel>>();

  /** @param plan The planner; tests give others, to compare a kernel's versions. */
  constructor(gpu: Gpu, plan = planKernel) {
    this.#gpu = gpu;
    this.#plan = plan;
  }

  get(shape: Omit<KernelShape, "plan">): Promise<TrainPopulationKernel> {
    const plan = this.#plan(shape.network, shape.batchSize, this.#gpu.adapter);
    const key = JSON.stringify({ ...shape, plan });
    const kernel = this.#kernels.get(key) ?? createTrainPopulation(this.#gpu, { ...shape, plan });
    this.#kernels.set(key, kernel);
    return kernel;
  }
}
