// The pipelines of one device, each made once.

import type { Gpu } from "../../device/request-device.ts";
import { planKernel } from "./kernel-plan.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { createTrainPopulation, type TrainPopulationKernel } from "./train-population.ts";

/** Pipelines by the shape that they were made for. */
export class KernelCache {
  readonly #gpu: Gpu;
  readonly #kernels = new Map<string, Promise<TrainPopulationKernel>>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  get(shape: Omit<KernelShape, "plan">): Promise<TrainPopulationKernel> {
    const plan = planKernel(shape.network, shape.batchSize, this.#gpu.adapter);
    const key = JSON.stringify({ ...shape, plan });
    const kernel = this.#kernels.get(key) ?? createTrainPopulation(this.#gpu, { ...shape, plan });
    this.#kernels.set(key, kernel);
    return kernel;
  }
}
