import type { Engine } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAloneAsAmongThousand } from "../../test/alone-as-among.ts";
import { override, withDevice, withLimits, withMemory } from "../../test/altered-gpu.ts";
import { PLAIN_FEATURES } from "../../test/networks.ts";
import { hasNoAdapter, nodeGpu } from "../../test/node-gpu.ts";
import { smallPlan, trained } from "../../test/small-plan.ts";
import { networkBytes } from "../kernels/train-population/memory-layout.ts";
import { createWebGpuEngine } from "../webgpu-engine.ts";

/** Every dispatch goes on by one batch, and reports come as fast as they are read. */
function slowEngine(gpu: GPU): Promise<Engine> {
  const timing = { dispatchMs: 0, reportMs: 1 };
  return createWebGpuEngine({ gpu, reason: "test", selfCheck: "skip", ...timing });
}

function engineOn(gpu: GPU): Promise<Engine> {
  const settings = { selfCheck: "skip", tuning: "skip", reportMs: 20 } as const;
  return createWebGpuEngine({ gpu, reason: "test", ...settings });
}

let engine: Engine;
beforeAll(async () => {
  if (!hasNoAdapter) engine = await engineOn(nodeGpu());
});
afterAll(() => engine?.dispose());

test.skipIf(hasNoAdapter)("a network alone equals itself among a thousand", async () => {
  await expectAloneAsAmongThousand(engine);
});

describe.skipIf(hasNoAdapter)("a hundred networks at once", () => {
  const [plan, datasets] = smallPlan({
    layers: [
      { units: 24, activation: "tanh" },
      { units: 24, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
    train: { epochs: 3 },
    seeds: { training: 100 },
  });

  test("equal a hundred trained one by one", async () => {
    const together = await trained(engine, [plan, datasets]);
    for (const { index } of plan.runs) {
      const buckets = plan.buckets.map((bucket) => ({ ...bucket, runs: [index] }));
      const alone = await trained(engine, [{ ...plan, buckets }, datasets]);
      expect(alone[index]).toEqual(together[index]);
    }
  });

  test("equal chunks of seven, where a buffer holds no more", async () => {
    const [{ network, batchSize }] = plan.buckets;
    const limit = 7 * networkBytes({ network, batchSize, features: PLAIN_FEATURES });
    const created: number[] = [];
    const counting = withDevice(nodeGpu(), (device) => {
      const create = device.createBuffer.bind(device);
      override(device, "createBuffer", (descriptor: GPUBufferDescriptor) => {
        if (descriptor.label?.endsWith("parameters")) created.push(descriptor.size);
        return create(descriptor);
      });
    });
    const chunked = await engineOn(
      withLimits(counting, { maxBufferSize: limit, maxStorageBufferBindingSize: limit }),
    );
    expect(await trained(chunked, [plan, datasets])).toEqual(
      await trained(engine, [plan, datasets]),
    );
    expect(created.length).toBe(Math.ceil(100 / 7));
    await chunked.dispose();
  });

  test("equal halves of halves, where the device has no room for more", async () => {
    const [{ network, batchSize }] = plan.buckets;
    const refused = { count: 0 };
    const cramped = await engineOn(
      withMemory(
        nodeGpu(),
        30 * networkBytes({ network, batchSize, features: PLAIN_FEATURES }),
        refused,
      ),
    );
    expect(await trained(cramped, [plan, datasets])).toEqual(
      await trained(engine, [plan, datasets]),
    );
    expect(refused.count).toBeGreaterThan(0);
    await cramped.dispose();
  });
});

test.skipIf(hasNoAdapter)(
  "64 networks take at most three times the memory of their parameters and Adam's state",
  async () => {
    let bytes = 0;
    const counting = withDevice(nodeGpu(), (device) => {
      const create = device.createBuffer.bind(device);
      override(device, "createBuffer", (descriptor: GPUBufferDescriptor) => {
        bytes += descriptor.size;
        return create(descriptor);
      });
    });
    const [plan, datasets] = smallPlan({
      inputs: 20,
      layers: [
        { units: 64, activation: "relu" },
        { units: 32, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
      // As many epochs as its ring of signals could hold, had it no limit.
      train: { epochs: 4096, batchSize: 32, optimizer: "adam" },
      seeds: { training: 64 },
    });
    const measured = await engineOn(counting);
    const signal = { aborted: false };
    for await (const { kind } of measured.train(plan, datasets, { signal })) {
      if (kind === "progress") signal.aborted = true;
    }
    await measured.dispose();
    const each = bytes / 64;
    const needed = 4 * 3 * plan.buckets[0].network.layout.size;
    console.log(
      `${Math.round(each)} bytes per network, ${(each / needed).toFixed(2)} times ${needed}`,
    );
    expect(each).toBeLessThan(3 * needed);
  },
);

test.skipIf(hasNoAdapter)("no room for a single network is an error with a way out", async () => {
  const cramped = await engineOn(withMemory(nodeGpu(), 1000, { count: 0 }));
  await expect(trained(cramped, smallPlan({ rows: 5 }))).rejects.toMatchObject({
    code: "GPU_OUT_OF_MEMORY",
    message: expect.stringContaining("smaller batches"),
  });
  await cramped.dispose();
});

describe.skipIf(hasNoAdapter)("a device that is lost in the middle of a run", () => {
  const plan = smallPlan({
    train: { epochs: 25 },
    seeds: { training: 5 },
  });

  /**
   * Each of the first `times` devices is lost with its compute pass number `after`. Passes are what
   * is counted: each is one batch here, while how many reports are read is a matter of time.
   */
  function losing(after: number, times: number): { gpu: GPU; passes: number[] } {
    const passes: number[] = [];
    const gpu = withDevice(nodeGpu(), (device) => {
      const index = passes.push(0) - 1;
      const encode = device.createCommandEncoder.bind(device);
      override(device, "createCommandEncoder", (descriptor?: GPUCommandEncoderDescriptor) => {
        const encoder = encode(descriptor);
        const begin = encoder.beginComputePass.bind(encoder);
        override(encoder, "beginComputePass", (pass?: GPUComputePassDescriptor) => {
          passes[index]++;
          return begin(pass);
        });
        return encoder;
      });
      const submit = device.queue.submit.bind(device.queue);
      override(device.queue, "submit", (commands: GPUCommandBuffer[]) => {
        submit(commands);
        if (index < times && passes[index] >= after) device.destroy();
      });
    });
    return { gpu, passes };
  }

  test("is replaced, and the run goes on from its checkpoint to the same bits", async () => {
    const undisturbed = losing(Number.POSITIVE_INFINITY, 0);
    const whole = await slowEngine(undisturbed.gpu);
    const expected = await trained(whole, plan);
    await whole.dispose();

    const { gpu, passes } = losing(Math.floor(0.7 * undisturbed.passes[0]), 1);
    const disturbed = await slowEngine(gpu);
    // `trained` refuses an epoch that comes twice or not in its order.
    expect(await trained(disturbed, plan)).toEqual(expected);
    expect(passes).toHaveLength(2);
    // From the start the second device would have taken as many.
    expect(passes[1]).toBeLessThan(undisturbed.passes[0]);
    await disturbed.dispose();
  });

  test("while a kernel is compiled is replaced as well: the kernel was not refused", async () => {
    let devices = 0;
    const gpu = withDevice(nodeGpu(), (device) => {
      if (devices++ > 0) return;
      override(device, "createComputePipelineAsync", async () => {
        setTimeout(() => device.destroy(), 100);
        throw new Error("the GPU process is gone");
      });
    });
    const disturbed = await slowEngine(gpu);
    expect(await trained(disturbed, plan)).toEqual(await trained(engine, plan));
    expect(devices).toBe(2);
    await disturbed.dispose();
  });

  test("may be lost again, as long as training gets on", async () => {
    const { gpu, passes } = losing(40, 3);
    const disturbed = await slowEngine(gpu);
    expect(await trained(disturbed, plan)).toEqual(await trained(engine, plan));
    expect(passes).toHaveLength(4);
    await disturbed.dispose();
  });

  test("and lost at once again and again is an error", async () => {
    const { gpu, passes } = losing(1, Number.POSITIVE_INFINITY);
    const disturbed = await slowEngine(gpu);
    await expect(trained(disturbed, plan)).rejects.toMatchObject({
      code: "GPU_DEVICE_LOST",
      message: expect.stringContaining("was lost again before an epoch was finished"),
    });
    expect(passes).toHaveLength(2);
  });

  test("and not replaced is an error that says what was lost and what to do", async () => {
    const { gpu } = losing(40, 1);
    let asked = 0;
    const requestAdapter = async (options?: GPURequestAdapterOptions) =>
      asked++ === 0 ? gpu.requestAdapter(options) : null;
    const once = { requestAdapter } as unknown as GPU;
    const disturbed = await slowEngine(once);
    await expect(trained(disturbed, plan)).rejects.toMatchObject({
      code: "GPU_DEVICE_LOST",
      message: expect.stringMatching(
        /was lost \(destroyed: .*\); start again, or use the cpu engine\. 0 of 5 networks had finished; no device took over: WebGPU found no adapter/,
      ),
    });
  });
});
