// Whether an adapter's numbers can be believed: a small training with a known answer, in one long
// dispatch, compared with core's reference.
//
// The real case is Mesa's lavapipe 22.3, which Deno accepts: it ends every loop of a shader once
// 65,535 iterations have been run in total, without an error, so a kernel that trains for long
// returns wrong losses.
//
// The known answer is loaded when it is asked for: it needs what reads specs and the reference engine,
// and no training does.

import type { Dataset, Engine, Plan } from "@convergence-lab/core";
import { type Gpu, requestGpu } from "./device/request-device.ts";
import { GpuError } from "./errors.ts";
import { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import { planTraining } from "./kernels/train-population/kernel-plan.ts";
import { createPopulation, populations, shapeOf } from "./population/create-population.ts";
import { uploadData } from "./population/data-buffer.ts";
import { trainingWork } from "./population/training-work.ts";

/** What a self-check found. A plain value: keep it, and the next engine need not check again. */
export interface SelfCheck {
  /** Name of the adapter that was checked. */
  readonly adapter: string;
  readonly ok: boolean;
  /** The finding in one sentence. */
  readonly says: string;
  /** Largest relative error of a loss; infinity when one is missing or not finite. */
  readonly worst: number;
}

/** Checks the adapter that `gpu` gives, on a device of its own. */
export async function selfCheck(gpu: GPU | undefined): Promise<SelfCheck> {
  const requested = await requestGpu(gpu);
  try {
    return await checkNumbers(requested, new KernelCache(requested));
  } finally {
    requested.destroy();
  }
}

/**
 * The check of this adapter: `known` if it is one of it, else made now.
 * @throws GpuError GPU_SELF_CHECK_FAILED
 */
export async function requireTrustworthy(
  gpu: Gpu,
  kernels: KernelCache,
  known: SelfCheck | "skip" | undefined,
): Promise<SelfCheck | undefined> {
  if (known === "skip") return undefined;
  const check = known?.adapter === gpu.adapter.name ? known : await checkNumbers(gpu, kernels);
  if (!check.ok) throw new GpuError("GPU_SELF_CHECK_FAILED", check.says);
  return check;
}

/**
 * Checks an engine by what it trains. For one that launches every operation for itself: its loops are
 * short, so a training of a few steps says as much as a long one.
 *
 * @throws GpuError GPU_SELF_CHECK_FAILED
 */
export async function requireTrustworthyEngine(engine: Engine): Promise<void> {
  const { curvesOf, knownTraining, referenceCurves } = await import("./known-answer.ts");
  const { plan, datasets, steps } = knownTraining(FEW_EPOCHS);
  const check = judged(engine.info.adapter, steps, {
    expected: await referenceCurves(plan, datasets),
    actual: await curvesOf(engine, plan, datasets),
  });
  if (!check.ok) throw new GpuError("GPU_SELF_CHECK_FAILED", check.says);
}

/**
 * On SwiftShader losses of this training in float32 lie within 1e-6 of the reference's in float64
 * (self-check.gpu.test.ts prints the number). Tanh keeps rounding errors from growing, so a hundred
 * times that is a wrong number and no rounding.
 */
const TOLERANCE = 1e-4;

async function checkNumbers(gpu: Gpu, kernels: KernelCache): Promise<SelfCheck> {
  const { knownTraining, referenceCurves } = await import("./known-answer.ts");
  const { plan, datasets, steps } = knownTraining(EPOCHS);
  const [expected, actual] = await Promise.all([
    referenceCurves(plan, datasets),
    curvesInOneDispatch(gpu, kernels, plan, datasets),
  ]);
  return judged(gpu.adapter.name, steps, { expected, actual });
}

function judged(
  adapter: string,
  steps: number,
  { expected, actual }: Record<"expected" | "actual", readonly number[]>,
): SelfCheck {
  const errors = expected.map((value, i) => Math.abs(actual[i] - value) / value);
  const worst = errors.every(Number.isFinite) ? Math.max(...errors) : Number.POSITIVE_INFINITY;
  const ok = worst <= TOLERANCE;
  const found = Number.isFinite(worst)
    ? `${worst.toExponential(1)} off in the worst epoch`
    : "missing or not finite";
  return {
    adapter,
    ok,
    says: ok
      ? `${adapter} computes right: losses of a training of ${steps} steps are ${found}.`
      : `${adapter} computes wrong numbers: losses of a training of ${steps} steps are ${found}, where ${TOLERANCE.toExponential(0)} is allowed. Use another driver, or the cpu engine.`,
    worst,
  };
}

/** With 120 lavapipe 22.3 still passed, with 240 it failed. */
const EPOCHS = 300;
/** 20 steps, of which each is every operation once; on SwiftShader tfjs takes some seconds for them. */
const FEW_EPOCHS = 5;

async function curvesInOneDispatch(
  gpu: Gpu,
  kernels: KernelCache,
  plan: Plan,
  datasets: readonly Dataset[],
): Promise<number[]> {
  const [bucket] = plan.buckets;
  const [runs] = populations(gpu, bucket, plan);
  const shape = shapeOf(bucket, runs);
  kernels.prefer(shape, planTraining(shape, gpu.adapter, trainingWork(bucket, runs, plan)));
  const data = await uploadData(gpu, datasets, [bucket.network.inputs]);
  const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
  try {
    const { epochs, members } = population;
    await population.advance(epochs * members[0].batchesPerEpoch);
    const report = await population.report();
    return members.flatMap((_, i) => {
      const { epochs: finished } = report.networkAt(i);
      return Array.from({ length: 2 * epochs }, (_, value) => {
        const epoch = Math.floor(value / 2);
        return epoch < finished ? report.signalsAt(i, epoch)[2 * (value % 2)] : Number.NaN;
      });
    });
  } finally {
    population.destroy();
    data.buffer.destroy();
  }
}
