// The pipelines of one device, each made once.

import type { Gpu } from "../../device/request-device.ts";
import { GpuError } from "../../errors.ts";
import { type KernelPlan, plainOf, planKernel } from "./kernel-plan.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { createTrainPopulation, type TrainPopulationKernel } from "./train-population.ts";

export class KernelCache {
  readonly #gpu: Gpu;
  readonly #plan: typeof planKernel;
  readonly #preferred = new Map<string, KernelPlan>();
  readonly #kernels = new Map<string, Promise<TrainPopulationKernel>>();

  /** @param plan The planner; tests give others, to compare a kernel's versions. */
  constructor(gpu: Gpu, plan = planKernel) {
    this.#gpu = gpu;
    this.#plan = plan;
  }

  /** From now on `get` gives this version of a kernel, and not the planner's. */
  prefer(shape: Omit<KernelShape, "plan">, plan: KernelPlan): void {
    this.#preferred.set(JSON.stringify(shape), plan);
  }

  /**
   * One version of a kernel.
   *
   * @throws GpuError GPU_PIPELINE_FAILED
   */
  getAs(shape: KernelShape): Promise<TrainPopulationKernel> {
    const key = JSON.stringify(shape);
    const kernel = this.#kernels.get(key) ?? createTrainPopulation(this.#gpu, shape);
    this.#kernels.set(key, kernel);
    return kernel;
  }

  /**
   * The kernel as the planner wants it; where the driver refuses that, the plain version, which
   * computes the same numbers in more time and says so.
   *
   * @throws GpuError GPU_PIPELINE_FAILED when both are refused
   */
  async get(shape: Omit<KernelShape, "plan">): Promise<TrainPopulationKernel> {
    const plan = this.#preferred.get(JSON.stringify(shape)) ?? this.#plan(shape, this.#gpu.adapter);
    try {
      return await this.getAs({ ...shape, plan });
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      try {
        return {
          ...(await this.getAs({ ...shape, plan: plainOf(plan) })),
          refused: refusal.message,
        };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        throw new GpuError(error.code, `${error.message} Use the cpu engine.`, { cause: error });
      }
    }
  }
}

function isRefusal(error: unknown): error is GpuError {
  return error instanceof GpuError && error.code === "GPU_PIPELINE_FAILED";
}
