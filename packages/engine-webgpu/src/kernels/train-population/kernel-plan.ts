// How a network is laid on an adapter: workgroup size, tiles, and where its values live. A pure
// function of shape and adapter, so that the same network runs alike alone and in a population.

import type { Network } from "@convergence-lab/core";
import type { AdapterReport } from "../../device/adapter-report.ts";
import { memoryLayout } from "./memory-layout.ts";
import type { TilePlan } from "./variants/dense-tiled.wgsl.ts";

export interface KernelPlan {
  /** Invocations that train one network together. */
  readonly workgroupSize: number;
  /** Where inputs, activations and gradients of a batch live. */
  readonly values: "workgroup" | "storage";
  /** "plain" is what the tiles are compared with. */
  readonly dense: "plain" | TilePlan;
}

/**
 * A software adapter runs a workgroup on one thread, four invocations at a time: with four there is
 * nothing to switch between at a barrier. Workgroup memory is no faster there than any other, but
 * takes seconds to compile (bench/run.mjs kernel-plans).
 */
const SOFTWARE_PLAN: KernelPlan = {
  workgroupSize: 4,
  values: "storage",
  dense: { edge: 2, isStoredInLoop: true },
};

/** Below a subgroup of the common GPUs lanes would idle. */
const SMALLEST_WORKGROUP = 32;

export function planKernel(
  network: Network,
  batchSize: number,
  { isSoftware, limits }: Pick<AdapterReport, "isSoftware" | "limits">,
): KernelPlan {
  if (isSoftware) return SOFTWARE_PLAN;
  const { valueBlocks, batchBlocks, layers } = memoryLayout(network, batchSize);
  const tiles = Math.max(
    ...layers.map(({ inputBlocks, unitBlocks }) => unitBlocks * Math.max(batchBlocks, inputBlocks)),
  );
  const largest = Math.min(
    256,
    limits.maxComputeInvocationsPerWorkgroup,
    limits.maxComputeWorkgroupSizeX,
  );
  const workgroupSize = Math.min(largest, Math.max(SMALLEST_WORKGROUP, powerOfTwoAbove(tiles)));
  const bytes = 16 * valueBlocks + SHARED_BYTES;
  const fits = bytes <= limits.maxComputeWorkgroupStorageSize;
  return {
    workgroupSize,
    values: fits ? "workgroup" : "storage",
    dense: { edge: 1, isStoredInLoop: false },
  };
}

/** Permutation keys, progress and verdict, which always lie in workgroup memory. */
const SHARED_BYTES = 256;

function powerOfTwoAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
