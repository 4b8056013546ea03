// Seconds from `engine.train` to the first loss of a network whose shape this process has not seen:
// planning, WGSL, compilation by the driver, the first epoch of ten steps. Opening the device and its
// self-check lie before it; `packages/cli/bench/first-result.bench.ts` counts those as well.
//
//   node bench/run.mjs new-shape [20-64-32-1] [--rounds 7]
//
// Each round takes a shape of its own, a few units wider than the one before. Its loss is compared with
// the reference engine's before a time is printed.

/// <reference types="node" />
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Engine, trainingCase } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "7" } },
});
const [shape = "20-64-32-1"] = positionals;
const ROUNDS = Number(options.rounds);
/** One epoch of ten steps: rounding has hardly grown. */
const AGREEMENT = 1e-5;

const gpu = await createWebGpuEngine({ gpu: nodeGpu(), reason: "benchmark" });
const reference = createReferenceEngine({ reason: "benchmark" });
const seconds: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const trained = trainingCase({
    shape: widened(shape, round),
    networks: 1,
    batch: 32,
    batchesPerEpoch: 10,
    epochs: 1,
    optimizer: "adam",
    learningRate: 0.001,
  });
  const expected = await firstLoss(reference, trained);
  const result = await firstLoss(gpu, trained);
  if (!(Math.abs(result.loss - expected.loss) <= AGREEMENT)) {
    throw new Error(`${widened(shape, round)}: a loss of ${result.loss}, not ${expected.loss}.`);
  }
  seconds.push(result.seconds);
}
seconds.sort((a, b) => a - b);
const [least, median, most] = [0, ROUNDS >> 1, ROUNDS - 1].map((place) =>
  seconds[place].toFixed(2),
);
console.log(
  `${gpu.info.adapter}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`,
);
console.log(`${shape} and wider: ${median} s (${least} to ${most}, ${ROUNDS} shapes)`);
// Dawn keeps Node's event loop alive.
process.exit(0);

/** Hidden layers a few units wider: another shader. */
function widened(shape: string, by: number): string {
  const widths = shape.split("-").map(Number);
  return widths
    .map((units, l) => (l === 0 || l === widths.length - 1 ? units : units + by))
    .join("-");
}

async function firstLoss(engine: Engine, { plan, datasets }: ReturnType<typeof trainingCase>) {
  const start = performance.now();
  for await (const event of engine.train(plan, datasets)) {
    if (event.kind !== "epochs") continue;
    return { loss: event.signals.loss![0], seconds: (performance.now() - start) / 1000 };
  }
  throw new Error("no epoch was told of.");
}
