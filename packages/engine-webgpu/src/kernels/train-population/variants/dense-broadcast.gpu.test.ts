import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../../../test/node-gpu.ts";
import { type SmallPlan, smallPlan } from "../../../../test/small-plan.ts";
import { type Gpu, requestGpu } from "../../../device/request-device.ts";
import { createPopulation, populations } from "../../../population/create-population.ts";
import { uploadData } from "../../../population/data-buffer.ts";
import { KernelCache } from "../kernel-cache.ts";
import { type KernelPlan, planKernel } from "../kernel-plan.ts";

let gpu: Gpu;
beforeAll(async () => {
  if (!hasNoAdapter) gpu = await requestGpu(nodeGpu());
});
afterAll(() => gpu?.destroy());

const TILES: KernelPlan = {
  workgroupSize: 4,
  values: "storage",
  dense: { edge: 2, isStoredInLoop: true },
};

/** Signals of every network after three epochs of one version of the kernel. */
async function signals(dense: KernelPlan["dense"], settings: SmallPlan): Promise<Float32Array[]> {
  const [plan, datasets] = smallPlan(settings);
  const [bucket] = plan.buckets;
  const kernels = new KernelCache(gpu, () => ({ ...TILES, dense }));
  const data = await uploadData(gpu, datasets, [datasets[0].columns.length]);
  const [runs] = populations(gpu, bucket, plan);
  const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
  try {
    await population.advance(3 * population.members[0].batchesPerEpoch);
    const report = await population.report();
    return runs.flatMap((_, i) => [0, 1, 2].map((epoch) => report.signalsAt(i, epoch)));
  } finally {
    population.destroy();
    data.buffer.destroy();
  }
}

/** Shapes in which every product is handed round, or some, and quads, tiles and batches end early. */
const SHAPES: Record<string, SmallPlan> = {
  "everything divides": { rows: 96, inputs: 8, layers: layers(16, 16), train: { batchSize: 32 } },
  "odd inputs, a short last batch": {
    rows: 77,
    inputs: 7,
    layers: layers(20, 13),
    train: { batchSize: 16 },
  },
  "a batch of 5, left to the tiles": {
    rows: 33,
    inputs: 3,
    layers: layers(48),
    train: { batchSize: 5 },
  },
};

function layers(...units: number[]): NonNullable<SmallPlan["layers"]> {
  return [
    ...units.map((count) => ({ units: count, activation: "tanh" as const })),
    { units: 1, activation: "sigmoid" as const },
  ];
}

describe.skipIf(hasNoAdapter)("handed round or loaded by each, the sums are the same bits", () => {
  test.for(Object.entries(SHAPES))("%s", async ([, settings], { skip }) => {
    const { network } = smallPlan(settings)[0].buckets[0];
    skip(planKernel(network, 32, gpu.adapter).dense !== "broadcast", "no subgroups of four here");
    expect(await signals("broadcast", settings)).toEqual(await signals(TILES.dense, settings));
  });
});
