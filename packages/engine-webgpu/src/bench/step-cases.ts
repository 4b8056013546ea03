// Training steps of whole populations, as the engine trains them: the networks in its groups, in
// either tier. Checked by the first epoch's losses against core's reference.

import {
  BATCHES_PER_EPOCH,
  type BenchmarkKind,
  type Plan,
  STEP_BATCH,
  selectRuns,
  stepCase,
} from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import type { Gpu } from "../device/request-device.ts";
import { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import { launchedPlan, persistentPlan } from "../kernels/train-population/kernel-plan.ts";
import { createPopulation, populations, shapeOf } from "../population/create-population.ts";
import { uploadData } from "../population/data-buffer.ts";
import type { Population } from "../population/population.ts";
import { describePlan, type KernelCase, type ReadyKernel, type Verdict } from "./kernel-case.ts";

/** More than any benchmark trains; nothing is kept of most of them. */
const EPOCHS = 1_000_000;

export function stepCases(gpu: Gpu, shape: string, networkCounts: readonly number[]): KernelCase[] {
  const kinds = ["fused-step", "persistent-step"] as const;
  return networkCounts.flatMap((networks) => {
    const made = stepCase(shape, networks, EPOCHS);
    return kinds.map((kind): KernelCase => {
      const operation = { kind, shape, networks, batch: STEP_BATCH };
      return { ...operation, counts: made.counts, prepare: () => prepare(gpu, kind, made) };
    });
  });
}

async function prepare(
  gpu: Gpu,
  kind: BenchmarkKind,
  { plan, datasets }: ReturnType<typeof stepCase>,
): Promise<ReadyKernel> {
  const kernels = new KernelCache(gpu, (asked, adapter) =>
    kind === "fused-step" ? launchedPlan(adapter) : persistentPlan(asked, adapter),
  );
  const [bucket] = plan.buckets;
  const groups = populations(gpu, bucket, plan);
  const data = await uploadData(gpu, datasets, [bucket.network.inputs]);
  const made: Population[] = [];
  const destroy = () => {
    for (const population of made) population.destroy();
    data.buffer.destroy();
  };
  try {
    for (const runs of groups) {
      made.push(await createPopulation(gpu, kernels, { bucket, runs, datasets, data }));
    }
    const { shape, launches } = await kernels.get(shapeOf(bucket, groups[0]));
    const perStep = groups.length * launches.length;
    const run = (batches: number) =>
      Promise.all(made.map((population) => population.advance(batches)));
    return {
      tier: describePlan(shape.plan),
      workgroups: groups[0].length * Math.max(...launches.map(({ workgroups }) => workgroups)),
      launches: (repetitions) => (kind === "fused-step" ? perStep : perStep / repetitions),
      run,
      async check() {
        await run(BATCHES_PER_EPOCH);
        return compareLosses(plan, datasets, await firstLosses(made));
      },
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

async function firstLosses(populations: readonly Population[]): Promise<Map<number, number>> {
  const losses = new Map<number, number>();
  for (const population of populations) {
    const report = await population.report();
    for (const [i, { run }] of population.members.entries()) {
      losses.set(run, report.signalsAt(i, 0)[0]);
    }
  }
  return losses;
}

/**
 * Four steps of Adam from float32 rounding: on SwiftShader the losses are within 2e-7 of float64. A
 * hundred times that and more is no rounding (the self-check's tolerance, for the same reason).
 */
const TOLERANCE = 1e-4;

/** The first and the last network against the reference; of the others only that they are finite. */
async function compareLosses(
  plan: Plan,
  datasets: ReturnType<typeof stepCase>["datasets"],
  losses: ReadonlyMap<number, number>,
): Promise<Verdict> {
  const missing = plan.runs.findIndex(({ index }) => !Number.isFinite(losses.get(index)));
  if (missing >= 0) return { isRight: false, says: `network ${missing} has no finite loss.` };
  const compared = [...new Set([0, plan.runs.length - 1])];
  const short = selectRuns(
    { ...plan, buckets: plan.buckets.map((bucket) => ({ ...bucket, epochs: 1 })) },
    compared,
  );
  const engine = createReferenceEngine({ precision: "float64", reason: "benchmark" });
  let worst = 0;
  for await (const event of engine.train(short, datasets)) {
    if (event.kind !== "epochs") continue;
    const expected = event.signals.loss![0];
    worst = Math.max(worst, Math.abs(losses.get(event.run)! - expected) / expected);
  }
  const found = `losses of ${BATCHES_PER_EPOCH} steps are ${worst.toExponential(1)} off the reference's`;
  return worst <= TOLERANCE
    ? { isRight: true, says: `${found}.` }
    : { isRight: false, says: `${found}, and ${TOLERANCE.toExponential(0)} is allowed.` };
}
