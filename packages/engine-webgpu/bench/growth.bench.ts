// How the cost of a population grows with its networks: milliseconds per model-step, and what lies on
// the device at most, of populations of several sizes in interleaved rounds. Everything that
// `engine.train` does is inside the clock; kernels are compiled before it.
//
//   node bench/run.mjs growth [20-64-32-1] [--networks 64,256,1024,4096] [--rounds 3]
//
// Before a time is printed the first network of every population must have the same losses, to the
// bit.

/// <reference types="node" />
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Engine, trainingCase } from "@convergence-lab/core";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { override, withDevice } from "../test/altered-gpu.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "64,256,1024,4096" },
    rounds: { type: "string", default: "3" },
  },
});
const [shape = "20-64-32-1"] = positionals;
const SIZES = options.networks.split(",").map(Number);
const BATCHES_PER_EPOCH = 10;
/** As many steps as a small population takes for about a second of SwiftShader. */
const EPOCHS = 4;

/** Bytes of all buffers that live, and the most there have been. */
const memory = { now: 0, most: 0 };
const counting = withDevice(nodeGpu(), (device) => {
  const create = device.createBuffer.bind(device);
  override(device, "createBuffer", (descriptor: GPUBufferDescriptor) => {
    const buffer = create(descriptor);
    memory.now += descriptor.size;
    memory.most = Math.max(memory.most, memory.now);
    const destroy = buffer.destroy.bind(buffer);
    override(buffer, "destroy", () => {
      memory.now -= descriptor.size;
      destroy();
    });
    return buffer;
  });
});

// The same kernel for all sizes, however short their training is.
const gpu = await createWebGpuEngine({ gpu: counting, reason: "benchmark", tuning: "skip" });
const cases = SIZES.map((networks) => ({
  networks,
  ...trainingCase({
    shape,
    networks,
    batch: 32,
    batchesPerEpoch: BATCHES_PER_EPOCH,
    epochs: EPOCHS,
    optimizer: "adam",
    learningRate: 0.001,
  }),
  ms: Number.POSITIVE_INFINITY,
  bytes: 0,
  losses: [] as number[],
}));
type Case = (typeof cases)[number];

// Compiles, and says whether all compute the same.
for (const size of cases) size.losses = (await train(gpu, size)).losses;
const [first] = cases;
for (const { networks, losses } of cases) {
  const isSame = losses.length === EPOCHS && losses.every((loss, e) => loss === first.losses[e]);
  if (!isSame) throw new Error(`${networks} networks: losses ${losses}, not ${first.losses}.`);
}
for (let round = 0; round < Number(options.rounds); round++) {
  for (const size of cases) {
    const { ms, bytes } = await train(gpu, size);
    size.ms = Math.min(size.ms, ms);
    size.bytes = bytes;
  }
}
console.log(
  `${gpu.info.adapter}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`,
);
console.log(
  `| networks ${shape}, batch 32, Adam | ms per model-step | of ${first.networks} networks' | MiB at most |`,
);
console.log("| ---: | ---: | ---: | ---: |");
for (const { networks, ms, bytes } of cases) {
  const perStep = (taken: number, count: number) => taken / (count * EPOCHS * BATCHES_PER_EPOCH);
  const share = perStep(ms, networks) / perStep(first.ms, first.networks);
  console.log(
    `| ${networks} | ${perStep(ms, networks).toPrecision(3)} | ${share.toFixed(3)} | ${(bytes / 2 ** 20).toFixed(1)} |`,
  );
}
// Dawn keeps Node's event loop alive.
process.exit(0);

async function train(engine: Engine, { plan, datasets }: Case) {
  const losses: number[] = [];
  memory.most = memory.now;
  const before = memory.now;
  const start = performance.now();
  for await (const event of engine.train(plan, datasets)) {
    if (event.kind === "epochs" && event.run === 0) losses.push(...event.signals.loss!);
    if (event.kind === "finished" && event.status !== "complete") {
      throw new Error(`network ${event.run} diverged.`);
    }
  }
  return { ms: performance.now() - start, losses, bytes: memory.most - before };
}
