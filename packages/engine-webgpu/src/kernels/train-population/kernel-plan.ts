// How a network is laid on an adapter: frame, workgroup size, tiles, and where its values live. A
// pure function of shape and adapter, so that the same network runs alike alone and in a population;
// and every plan but the plain one sums in the same order, to the same bits (tiers.gpu.test.ts).

import type { AdapterReport } from "../../device/adapter-report.ts";
import { type LaidOut, memoryLayout } from "./memory-layout.ts";
import type { SharedTilePlan } from "./variants/dense-shared.wgsl.ts";
import type { TilePlan } from "./variants/dense-tiled.wgsl.ts";

export interface KernelPlan {
  /**
   * "persistent": one workgroup trains one network for many batches in one launch.
   * "L": each phase of a step is launched for itself, over many workgroups per network.
   */
  readonly tier: "persistent" | "L";
  /** Invocations that train one network together. */
  readonly workgroupSize: number;
  /** Of the persistent frame; absent: 1. The workgroup has as many times the invocations. */
  readonly networksPerWorkgroup?: number;
  /** Where inputs, activations and gradients of a batch live. */
  readonly values: "workgroup" | "storage";
  /** "plain" is what the others are compared with; "broadcast" needs subgroups of four. */
  readonly dense: "plain" | TilePlan | "broadcast" | SharedTilePlan;
}

/**
 * A software adapter runs a workgroup on one thread, four invocations at a time: with four there is
 * nothing to switch between at a barrier. Workgroup memory is no faster there than any other, but
 * takes seconds to compile (bench/run.mjs kernel-plans).
 */
const SOFTWARE_PLAN: KernelPlan = {
  tier: "persistent",
  workgroupSize: 4,
  values: "storage",
  dense: { edge: 2, isStoredInLoop: true },
};

/**
 * Multiplications of a step from which on its phases are launched one by one. On SwiftShader with two
 * cores (bench/run.mjs kernel-plans) a single 20-256-256-1 of batch 32, 7e6, then did 164 steps a
 * second and not 67, four of them 163 and not 118; sixteen 20-128-128-1, 2e6, did 329 and not 813.
 */
const SOFTWARE_LAUNCHED_WORK = 5e6;

/** Lanes that share a launch's workgroup on a software adapter: 4 and 64 were slower or no faster. */
const SOFTWARE_LAUNCHED_WORKGROUP = 16;

/**
 * The same for a GPU, an estimate between what was measured: on an H100 64 networks 20-128-128-1,
 * 2e6, did 772,000 model-steps a second, launched 392,000; a workgroup has one core, which then does
 * 2e10 multiplications a second, and the launches of a step take less than 2e-4 seconds.
 */
const LAUNCHED_WORK = 4e6;

/**
 * On an H100 (bench/run.mjs gemm-plans): staged tiles of 128 did 1.2 to 1.6 times the products of
 * register tiles where they are as many as its cores, and tiles of 64 where they are fewer.
 */
const STAGED: SharedTilePlan = { tile: 128, wantedTiles: 128, depth: 16 };

const LAUNCHED_PLAN: KernelPlan = {
  tier: "L",
  workgroupSize: 128,
  values: "storage",
  dense: STAGED,
};

/** Slabs of two operands and the network's place: 16 bytes more than any adapter must have. */
const STAGED_BYTES = 4 * (2 * STAGED.tile * STAGED.depth) + 16;

/**
 * Largest bytes of values for which they lie in workgroup memory: with more of them few workgroups
 * share a core. On an H100 1,024 networks 20-64-32-1, 28 KiB, did 5.9e6 model-steps a second there
 * and 10.2e6 in storage; 64 networks, which share no core, 2.9e6 and 2.5e6.
 */
const WORKGROUP_VALUES = 8192;

/** Below a subgroup of the common GPUs lanes would idle. */
const SMALLEST_WORKGROUP = 32;

/** What the planner asks of an adapter. */
export type PlannedAdapter = Pick<
  AdapterReport,
  "isSoftware" | "limits" | "features" | "subgroupMinSize" | "subgroupMaxSize"
>;

export function planKernel(shape: LaidOut, adapter: PlannedAdapter): KernelPlan {
  const work = 3 * shape.network.layout.size * shape.batchSize;
  const isLaunched = work >= (adapter.isSoftware ? SOFTWARE_LAUNCHED_WORK : LAUNCHED_WORK);
  return isLaunched ? launchedPlan(adapter) : persistentPlan(shape, adapter);
}

/**
 * Multiplications of a training below which a software adapter trains it with what is compiled
 * soonest. On SwiftShader the plain products of 20-64-32-1 took 1.4 s less to compile, and a step of
 * it, 3.3e5, 0.8 ms more (kernels/README.md): they are even after 1,700 steps.
 */
const SHORT_TRAINING = 5e8;

/** The plan of a kernel for a training of so much work. */
export function planTraining(shape: LaidOut, adapter: PlannedAdapter, work: number): KernelPlan {
  const planned = planKernel(shape, adapter);
  return adapter.isSoftware && work < SHORT_TRAINING ? plainOf(planned) : planned;
}

/**
 * Versions that may be faster than the planned one, which comes first. On a software adapter there
 * are none: what is faster there is known, and trying takes seconds of compiling.
 */
export function candidatePlans(
  shape: LaidOut,
  adapter: PlannedAdapter,
  work: number,
): KernelPlan[] {
  const planned = planTraining(shape, adapter, work);
  if (adapter.isSoftware) return [planned];
  const { limits } = adapter;
  const persistent = persistentPlan(shape, adapter);
  const sizes = [persistent.workgroupSize, 2 * persistent.workgroupSize].filter(
    (size) =>
      size <= limits.maxComputeInvocationsPerWorkgroup && size <= limits.maxComputeWorkgroupSizeX,
  );
  const fits = valueBytes(shape) <= limits.maxComputeWorkgroupStorageSize;
  const places = fits ? (["storage", "workgroup"] as const) : (["storage"] as const);
  const others = [
    ...sizes.flatMap((workgroupSize) =>
      places.map((values): KernelPlan => ({ ...persistent, workgroupSize, values })),
    ),
    ...packedPlans(shape, adapter),
    launchedPlan(adapter),
  ];
  const key = (plan: KernelPlan) => JSON.stringify(plan);
  return [planned, ...others.filter((plan) => key(plan) !== key(planned))];
}

export function launchedPlan(adapter: PlannedAdapter): KernelPlan {
  if (adapter.isSoftware) {
    return { ...softwarePlan(adapter), tier: "L", workgroupSize: SOFTWARE_LAUNCHED_WORKGROUP };
  }
  const fits = STAGED_BYTES <= adapter.limits.maxComputeWorkgroupStorageSize;
  return fits ? LAUNCHED_PLAN : { ...LAUNCHED_PLAN, dense: { ...STAGED, depth: 8 } };
}

export function persistentPlan(shape: LaidOut, adapter: PlannedAdapter): KernelPlan {
  const { isSoftware, limits } = adapter;
  if (isSoftware) return softwarePlan(adapter);
  const tiles = largestTiles(shape);
  const largest = Math.min(
    256,
    limits.maxComputeInvocationsPerWorkgroup,
    limits.maxComputeWorkgroupSizeX,
  );
  const workgroupSize = Math.min(largest, Math.max(SMALLEST_WORKGROUP, powerOfTwoAbove(tiles)));
  const fits =
    valueBytes(shape) <= Math.min(WORKGROUP_VALUES, limits.maxComputeWorkgroupStorageSize);
  return {
    tier: "persistent",
    workgroupSize,
    values: fits ? "workgroup" : "storage",
    // On an H100 64 networks 20-128-128-1 did 1.2 times the steps with square blocks of tiles.
    dense: { edge: 1, isStoredInLoop: false, isSquare: true },
  };
}

/** Invocations that networks in one workgroup fill: two and four subgroups of the common GPUs. */
const PACKED_WORKGROUPS = [64, 128];

/** Fewer lanes than these are no faster: a quarter of them would wait for memory. */
const FEWEST_LANES = 4;

/**
 * Several networks to a workgroup, for those with work for less than a subgroup. Only measured against
 * the others: how many workgroups a core takes, and what a barrier costs, no adapter tells.
 */
export function packedPlans(shape: LaidOut, adapter: PlannedAdapter): KernelPlan[] {
  const { limits } = adapter;
  const persistent = persistentPlan(shape, adapter);
  const lanes = Math.max(FEWEST_LANES, powerOfTwoAbove(largestTiles(shape)));
  if (adapter.isSoftware || lanes >= SMALLEST_WORKGROUP) return [];
  return PACKED_WORKGROUPS.flatMap((invocations): KernelPlan[] => {
    const networksPerWorkgroup = invocations / lanes;
    if (invocations > limits.maxComputeInvocationsPerWorkgroup) return [];
    if (invocations > limits.maxComputeWorkgroupSizeX) return [];
    const packed = { ...persistent, workgroupSize: lanes, networksPerWorkgroup };
    const fits = networksPerWorkgroup * valueBytes(shape) <= limits.maxComputeWorkgroupStorageSize;
    const places = fits ? (["storage", "workgroup"] as const) : (["storage"] as const);
    return places.map((values) => ({ ...packed, values }));
  });
}

/** Tiles of 4 x 4 in the largest product of a step: lanes that have something to do. */
function largestTiles(shape: LaidOut): number {
  const { batchBlocks, layers } = memoryLayout(shape);
  return Math.max(
    ...layers.map(({ inputBlocks, unitBlocks }) => unitBlocks * Math.max(batchBlocks, inputBlocks)),
  );
}

function softwarePlan(adapter: PlannedAdapter): KernelPlan {
  return hasSubgroupsOfFour(adapter) ? { ...SOFTWARE_PLAN, dense: "broadcast" } : SOFTWARE_PLAN;
}

/** The version of a kernel with the least in it that a driver could refuse. */
export function plainOf({ tier, workgroupSize }: KernelPlan): KernelPlan {
  return { tier, workgroupSize, values: "storage", dense: "plain" };
}

/** Permutation keys, progress and verdict, which always lie in workgroup memory. */
const SHARED_BYTES = 256;

/** Of workgroup memory, with values in it. */
function valueBytes(shape: LaidOut): number {
  return 16 * memoryLayout(shape).valueBlocks + SHARED_BYTES;
}

export function hasSubgroupsOfFour(adapter: PlannedAdapter): boolean {
  const { features, subgroupMinSize, subgroupMaxSize } = adapter;
  return features.includes("subgroups") && subgroupMinSize === 4 && subgroupMaxSize === 4;
}

/** "tiles of 4 x 4", for people. */
export function describeProducts(dense: KernelPlan["dense"]): string {
  if (typeof dense === "string") return dense;
  if ("depth" in dense) return `shared tiles of ${dense.tile}, ${dense.depth} deep`;
  const { edge, isStoredInLoop, isSquare } = dense;
  const words = [`tiles of ${4 * edge} x ${4 * edge}`];
  if (!isStoredInLoop) words.push("written out");
  if (isSquare) words.push("square");
  return words.join(", ");
}

function powerOfTwoAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
