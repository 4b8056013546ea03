// A network is computed alike in every tier: the same sums in the same order, whoever takes a part.

import type { Dataset, Plan } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../../test/node-gpu.ts";
import { type SmallPlan, smallPlan } from "../../../test/small-plan.ts";
import { type Gpu, requestGpu } from "../../device/request-device.ts";
import { createPopulation, populations, shapeOf } from "../../population/create-population.ts";
import { uploadData } from "../../population/data-buffer.ts";
import { KernelCache } from "./kernel-cache.ts";
import { hasSubgroupsOfFour, type KernelPlan } from "./kernel-plan.ts";
import { kernelFeatures } from "./kernel-shape.ts";
import { memoryLayout } from "./memory-layout.ts";

let gpu: Gpu;
beforeAll(async () => {
  if (!hasNoAdapter) gpu = await requestGpu(nodeGpu());
});
afterAll(() => gpu?.destroy());

/** Versions of the kernel, and that whose bits they must have. */
interface Plans {
  readonly expected: KernelPlan;
  readonly others: Readonly<Record<string, KernelPlan>>;
}

/** Words of progress and signals of all networks after dispatches of 1, 4 and the other batches. */
async function trainedIn(plan: KernelPlan, [compiled, datasets]: [Plan, Dataset[]]) {
  const [bucket] = compiled.buckets;
  const kernels = new KernelCache(gpu, () => plan);
  const inputs = datasets.map(() => bucket.network.inputs);
  const data = await uploadData(gpu, datasets, inputs);
  const results = [];
  for (const runs of populations(gpu, bucket, compiled)) {
    // Throws where the driver refuses it, for which `get` would give another.
    await kernels.getAs({ ...shapeOf(bucket, runs), plan });
    const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
    const { epochs, members } = population;
    const batches = epochs * Math.max(...members.map(({ batchesPerEpoch }) => batchesPerEpoch));
    for (const count of [1, 4, batches - 5]) await population.advance(count);
    const report = await population.report();
    results.push(
      members.map((_, i) => ({
        ...report.networkAt(i),
        signals: Array.from({ length: epochs }, (_, e) => [...report.signalsAt(i, e)]),
        parameters: [...(report.checkpoints.get(i)?.parameters ?? [])],
      })),
    );
    population.destroy();
  }
  data.buffer.destroy();
  return results;
}

const persistent = { tier: "persistent", workgroupSize: 4, values: "storage" } as const;
const launched = { tier: "L", workgroupSize: 64, values: "storage" } as const;

const SMALL_TILES = { edge: 1, isStoredInLoop: true } as const;

/** What calls the phases, each with the same products: those that compile soonest. */
const FRAMES: Plans = {
  expected: { ...persistent, dense: SMALL_TILES },
  others: {
    "persistent, three networks to a workgroup": {
      ...persistent,
      networksPerWorkgroup: 3,
      dense: SMALL_TILES,
    },
    "persistent, four networks to a workgroup, in its memory": {
      tier: "persistent",
      workgroupSize: 8,
      networksPerWorkgroup: 4,
      values: "workgroup",
      dense: { edge: 1, isStoredInLoop: false, isSquare: true },
    },
    L: { ...launched, workgroupSize: 16, dense: SMALL_TILES },
  },
};

/** The versions of the products, the launched ones in the frame that they are for. */
const PRODUCTS: Plans = {
  expected: { ...persistent, dense: { edge: 2, isStoredInLoop: true } },
  others: {
    "persistent, broadcast": { ...persistent, dense: "broadcast" },
    "L, broadcast": { ...launched, workgroupSize: 16, dense: "broadcast" },
    "L, square register tiles": {
      ...launched,
      dense: { edge: 1, isStoredInLoop: false, isSquare: true },
    },
    "L, shared tiles": { ...launched, dense: { tile: 128, wantedTiles: 1, depth: 8 } },
  },
};

const hidden = (...units: number[]): NonNullable<SmallPlan["layers"]> => [
  ...units.map((count) => ({ units: count, activation: "tanh" as const })),
  { units: 1, activation: "sigmoid" },
];

/** Steps of every kind of phase. */
const STEPS: Record<string, SmallPlan> = {
  "a short last batch and a test part": {},
  "operations of every kind": {
    layers: [
      { type: "batchNormalization" },
      { units: 6, activation: { name: "prelu", alpha: 0.2 } },
      { units: 6, activation: "tanh" },
      { type: "dropout", rate: 0.3 },
      { type: "add", from: 1 },
      { type: "layerNormalization" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  "clipping, decay and a stop with the best weights": {
    train: {
      epochs: 20,
      optimizer: { name: "adam", amsgrad: true, globalClipNorm: 0.1, weightDecay: 0.02 },
      earlyStopping: { monitor: "valLoss", patience: 1, minDelta: 0.01, restoreBest: true },
      reduceOnPlateau: { monitor: "loss", factor: 0.5, patience: 1 },
    },
  },
  "three classes": {
    classes: 3,
    layers: [
      { units: 9, activation: "relu" },
      { units: 3, activation: "softmax" },
    ],
    train: { loss: "sparseCategoricalCrossentropy" },
  },
  "layers that repeat, with penalties": {
    layers: [
      { units: 7, activation: "tanh" },
      ...[0.01, 0.02, 0.03].map((l2) => ({
        units: 7,
        activation: "tanh" as const,
        kernelRegularizer: { l2 },
      })),
      { units: 1, activation: "sigmoid" },
    ],
  },
};

/** Shapes in which blocks, tiles, quads and batches end early, or none of them. */
const SHAPES: Record<string, SmallPlan> = {
  "a short last batch and a test part": {},
  "everything divides": { rows: 96, inputs: 8, layers: hidden(16, 16), train: { batchSize: 32 } },
  "wider than a tile, and not by a tile": {
    rows: 150,
    inputs: 70,
    layers: hidden(133, 68),
    train: { batchSize: 75, epochs: 2 },
    seeds: { training: 1 },
  },
  "layers of one tile, which repeat": {
    rows: 128,
    inputs: 64,
    layers: hidden(64, 64, 64),
    train: { batchSize: 64, epochs: 3 },
    seeds: { training: 1 },
  },
  "odd inputs": { rows: 77, inputs: 7, layers: hidden(20, 13), train: { batchSize: 16 } },
};

describe.skipIf(hasNoAdapter).each(Object.entries(STEPS))("a step with %s", (_, settings) => {
  testSameBits(FRAMES, () => smallPlan(settings));
});

describe.skipIf(hasNoAdapter).each(Object.entries(SHAPES))("products with %s", (_, settings) => {
  testSameBits(PRODUCTS, () => smallPlan(settings));
});

describe.skipIf(hasNoAdapter)("a step of networks that never stand at the same batch", () => {
  testSameBits(FRAMES, neverAtOneBatch, [1, 2]);
});

/** @param statuses Those of the networks' ends, all of which must be among them. */
function testSameBits(plans: Plans, settings: () => [Plan, Dataset[]], statuses = [1]): void {
  let expected: unknown;
  beforeAll(async () => {
    expected = await trainedIn(plans.expected, settings());
    for (const status of statuses) {
      expect(JSON.stringify(expected)).toContain(`"status":${status}`);
    }
  });
  test.for(Object.entries(plans.others))(
    "gives the same bits in %s",
    async ([, plan], { skip }) => {
      skip(plan.dense === "broadcast" && !hasSubgroupsOfFour(gpu.adapter), "no subgroups of four");
      const trained = settings();
      skip(!fits(plan, trained[0]), "more values than workgroup memory holds");
      expect(firstDifference(await trainedIn(plan, trained), expected)).toBeNull();
    },
  );
}

/** Not `toEqual`, which prints for minutes where thousands of parameters are others. */
function firstDifference(actual: unknown, expected: unknown, place = "result"): string | null {
  if (typeof actual !== "object" || typeof expected !== "object" || !actual || !expected) {
    return Object.is(actual, expected) ? null : `${place} is ${actual}, not ${expected}`;
  }
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const [a, e] = [actual, expected].map((value) => (value as Record<string, unknown>)[key]);
    const difference = firstDifference(a, e, `${place}.${key}`);
    if (difference !== null) return difference;
  }
  return null;
}

/** Whether the values of a workgroup's networks fit where the plan wants them. */
function fits({ values, networksPerWorkgroup = 1 }: KernelPlan, { buckets, runs }: Plan): boolean {
  if (values === "storage") return true;
  const [{ network, batchSize }] = buckets;
  const features = kernelFeatures(runs[0].hyper);
  const bytes = 16 * memoryLayout({ network, batchSize, features }).valueBlocks;
  return networksPerWorkgroup * bytes + 1024 <= gpu.adapter.limits.maxComputeWorkgroupStorageSize;
}

/** Seven whose parts differ in length, and of which two diverge. */
function neverAtOneBatch(): [Plan, Dataset[]] {
  const [plan, [few]] = smallPlan({
    layers: [{ units: 5, activation: "relu" }, { units: 1 }],
    train: { optimizer: "sgd", loss: "meanSquaredError" },
    seeds: { training: 7 },
  });
  const [, [many]] = smallPlan({ rows: 37 });
  const runs = plan.runs.map((run) => ({
    ...run,
    dataset: run.index % 2,
    hyper: run.index % 3 === 1 ? { ...run.hyper, learningRate: 1e20 } : run.hyper,
  }));
  return [{ ...plan, runs }, [few, many]];
}
