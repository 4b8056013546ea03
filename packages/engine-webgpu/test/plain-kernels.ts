// Kernels in the plain version, for tests of what is the same text in every version: they differ by the
// products of dense layers alone (dense-passes.ts). On SwiftShader it compiles in a half to a third of
// the planned version's time.

import type { Gpu } from "../src/device/request-device.ts";
import { KernelCache } from "../src/kernels/train-population/kernel-cache.ts";

/** Networks that differ in numbers alone share a kernel. */
export function plainKernels(gpu: Gpu): KernelCache {
  return new KernelCache(gpu, () => ({
    tier: "persistent",
    workgroupSize: 32,
    values: "storage",
    dense: "plain",
  }));
}
