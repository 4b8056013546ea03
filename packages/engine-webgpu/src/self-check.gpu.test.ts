import { describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../test/node-gpu.ts";
import { requestGpu } from "./device/request-device.ts";
import { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import { requireTrustworthy, selfCheck } from "./self-check.ts";

describe.skipIf(hasNoAdapter)("the self-check", () => {
  test("believes an adapter that computes right, and says how right", async () => {
    const check = await selfCheck(nodeGpu());
    console.log(check.says);
    expect(check).toMatchObject({ ok: true, adapter: expect.any(String) });
    expect(check.worst).toBeLessThan(1e-5);
  });

  test("refuses by name an adapter whose loops end early", async () => {
    const gpu = await requestGpu(nodeGpu());
    const { queue } = gpu.device;
    const writeBuffer = queue.writeBuffer.bind(queue);
    Object.defineProperty(queue, "writeBuffer", {
      value: (buffer: GPUBuffer, offset: number, data: Uint32Array<ArrayBuffer>) =>
        // As lavapipe does: 500 batches, then no more.
        writeBuffer(buffer, offset, data.with(0, Math.min(data[0], 500))),
    });
    await expect(requireTrustworthy(gpu, new KernelCache(gpu), undefined)).rejects.toMatchObject({
      code: "GPU_SELF_CHECK_FAILED",
      message: expect.stringContaining(`${gpu.adapter.name} computes wrong numbers`),
    });
    gpu.destroy();
  });

  test("is not repeated for an adapter that is known", async () => {
    const gpu = await requestGpu(nodeGpu());
    const known = { adapter: gpu.adapter.name, ok: false, says: "known to be wrong", worst: 1 };
    await expect(requireTrustworthy(gpu, new KernelCache(gpu), known)).rejects.toThrow(
      "known to be wrong",
    );
    gpu.destroy();
  });
});
