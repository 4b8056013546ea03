// What tuning chooses, with a clock that the test holds.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { override, withDevice } from "../../test/altered-gpu.ts";
import { hasNoAdapter, nodeGpu } from "../../test/node-gpu.ts";
import { smallPlan } from "../../test/small-plan.ts";
import { type Gpu, requestGpu } from "../device/request-device.ts";
import { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import { type KernelPlan, plainOf, planKernel } from "../kernels/train-population/kernel-plan.ts";
import { type PopulationSource, shapeOf } from "./create-population.ts";
import { uploadData } from "./data-buffer.ts";
import { KernelTuner, type TunerOptions } from "./tune-kernel.ts";

const planned: KernelPlan = {
  tier: "persistent",
  workgroupSize: 4,
  values: "storage",
  dense: { edge: 1, isStoredInLoop: true },
};
const wider: KernelPlan = { ...planned, workgroupSize: 8 };
const launched: KernelPlan = { ...planned, tier: "L", workgroupSize: 16 };
/** The device of these tests rounds otherwise in workgroups of this size. */
const odd: KernelPlan = { ...planned, workgroupSize: 12 };
/** No adapter has as many invocations. */
const refused: KernelPlan = { ...planned, workgroupSize: 2 ** 20 };

describe.skipIf(hasNoAdapter)("tuning a kernel", () => {
  let gpu: Gpu;
  let source: PopulationSource;
  let kernels: KernelCache;
  let measured: KernelPlan[];
  beforeAll(async () => {
    const altered = withDevice(nodeGpu(), (device) => {
      const create = device.createShaderModule.bind(device);
      override(device, "createShaderModule", ({ code, ...rest }: GPUShaderModuleDescriptor) => {
        const isOdd = code.includes("@workgroup_size(12)");
        return create({
          ...rest,
          code: isOdd ? code.replaceAll("= fma(", "= 1.0000001 * fma(") : code,
        });
      });
    });
    gpu = await requestGpu(altered);
    const [plan, datasets] = smallPlan({ train: { epochs: 40 } });
    const data = await uploadData(gpu, datasets, [3]);
    source = { bucket: plan.buckets[0], runs: plan.runs, datasets, data };
  });
  afterAll(() => gpu?.destroy());
  beforeEach(() => {
    kernels = new KernelCache(gpu);
    measured = [];
  });

  /** @param ms Of a batch, plan by plan. */
  const tuner = (ms: ReadonlyMap<KernelPlan, number>, options: Partial<TunerOptions> = {}) =>
    new KernelTuner({
      candidates: () => [...ms.keys()],
      worthwhile: 0,
      measure: async (_population, _batches, plan) => {
        measured.push(plan);
        return [...ms].find(([each]) => JSON.stringify(each) === JSON.stringify(plan))![1];
      },
      ...options,
    });
  const chosen = async () => {
    const { bucket, runs } = source;
    return (await kernels.get(shapeOf(bucket, runs))).shape.plan;
  };

  test("takes the fastest", async () => {
    const ms = new Map([
      [planned, 3],
      [wider, 1],
      [launched, 2],
    ]);
    await tuner(ms).tune(gpu, kernels, source, 0);
    expect(await chosen()).toEqual(wider);
    expect(measured).toEqual([planned, wider, launched]);
  });

  test("measures no version whose bits are others, and none that the driver refuses", async () => {
    const ms = new Map([
      [planned, 3],
      [odd, 1],
      [refused, 1],
      [launched, 2],
    ]);
    await tuner(ms).tune(gpu, kernels, source, 0);
    expect(await chosen()).toEqual(launched);
    expect(measured).toEqual([planned, launched]);
  });

  test("keeps to the plan where the driver refuses it", async () => {
    const ms = new Map([
      [refused, 3],
      [planned, 1],
    ]);
    await tuner(ms).tune(gpu, kernels, source, 0);
    expect(measured).toEqual([]);
    // What `get` gives in the place of a refused version.
    expect(await kernels.get(shapeOf(source.bucket, source.runs)).catch(String)).toMatch(
      /Use the cpu engine/,
    );
  });

  test("measures once for a shape and a size of population, on fresh devices too", async () => {
    const ms = new Map([
      [planned, 3],
      [wider, 1],
    ]);
    const once = tuner(ms);
    await once.tune(gpu, kernels, source, 0);
    kernels = new KernelCache(gpu);
    await once.tune(gpu, kernels, source, 0);
    expect(await chosen()).toEqual(wider);
    expect(measured).toHaveLength(2);
    await once.tune(gpu, kernels, { ...source, runs: source.runs.slice(0, 1) }, 0);
    expect(measured).toHaveLength(4);
  });

  test("leaves a short training as planned", async () => {
    const ms = new Map([
      [planned, 3],
      [wider, 1],
    ]);
    // More than what the 480 steps of these small networks count at least.
    const work = 1e9;
    await tuner(ms, { worthwhile: work + 1 }).tune(gpu, kernels, source, work);
    expect(measured).toEqual([]);
    expect(await chosen()).toEqual(planned);
    await tuner(ms, { worthwhile: work }).tune(gpu, kernels, source, work);
    expect(await chosen()).toEqual(wider);
  });

  test("a clock of its own finds some version", async () => {
    const own = new KernelTuner({ candidates: () => [planned, wider], worthwhile: 0 });
    await own.tune(gpu, kernels, source, 0);
    expect([planned, wider]).toContainEqual(await chosen());
  });

  test("a software adapter runs what is planned, and in a short training what is plain", async () => {
    const adapter = { ...gpu.adapter, isSoftware: true };
    const own = new KernelTuner({ worthwhile: 0, measure: () => Promise.reject(new Error()) });
    const shape = shapeOf(source.bucket, source.runs);
    await own.tune({ ...gpu, adapter }, kernels, source, 1e12);
    expect(await chosen()).toEqual(planKernel(shape, adapter));
    await own.tune({ ...gpu, adapter }, kernels, source, 1e6);
    expect(await chosen()).toEqual(plainOf(planKernel(shape, adapter)));
  });
});
