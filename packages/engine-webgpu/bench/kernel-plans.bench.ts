// The versions of the population kernel against each other: model-steps per second of 64 networks,
// CPU time per model-step (which says more on a machine that is shared, and nothing on a GPU), and
// the time to compile. The planner's choice for an adapter is one of these lines.
//
//   node bench/run.mjs kernel-plans 20-64-32-1 --networks 64 --batch 32 --batches 25

/// <reference types="node" />
import { parseArgs } from "node:util";
import { compile, loadDatasets, parseSpec } from "@convergence-lab/core";
import { requestGpu } from "../src/device/request-device.ts";
import { KernelCache } from "../src/kernels/train-population/kernel-cache.ts";
import type { KernelPlan } from "../src/kernels/train-population/kernel-plan.ts";
import { kernelFeatures } from "../src/kernels/train-population/kernel-shape.ts";
import { memoryLayout } from "../src/kernels/train-population/memory-layout.ts";
import { createPopulation, populations } from "../src/population/create-population.ts";
import { uploadData } from "../src/population/data-buffer.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "64" },
    batch: { type: "string", default: "32" },
    batches: { type: "string", default: "25" },
    rounds: { type: "string", default: "7" },
  },
});
const [shape = "20-64-32-1"] = positionals;
const [NETWORKS, BATCH, BATCHES, ROUNDS] = [
  options.networks,
  options.batch,
  options.batches,
  options.rounds,
].map(Number);

const tiles = (edge: 1 | 2, isStoredInLoop: boolean) => ({ edge, isStoredInLoop });
const PLANS: readonly KernelPlan[] = [
  ...[
    ...(["plain", tiles(1, true), tiles(2, true), "broadcast", tiles(2, false)] as const).map(
      (dense) => ({
        workgroupSize: 4,
        values: "storage" as const,
        dense,
      }),
    ),
    { workgroupSize: 16, values: "storage" as const, dense: tiles(2, true) },
    { workgroupSize: 64, values: "storage" as const, dense: tiles(1, false) },
    // As on a GPU, for shapes that fit workgroup memory.
    { workgroupSize: 64, values: "workgroup" as const, dense: tiles(1, false) },
  ].map((plan) => ({ tier: "persistent" as const, ...plan })),
  ...([4, 16, 64] as const).flatMap((workgroupSize) =>
    ([tiles(2, true), "broadcast"] as const).map((dense) => ({
      tier: "L" as const,
      workgroupSize,
      values: "storage" as const,
      dense,
    })),
  ),
];

const [inputs, ...units] = shape.split("-").map(Number);
const spec = parseSpec({
  name: "kernel-plans",
  data: {
    source: {
      kind: "numpy",
      features: { rand: [BATCH * BATCHES, inputs] },
      labels: { randint: { low: 0, high: 2, size: BATCH * BATCHES } },
    },
  },
  model: {
    layers: units.map((count, l) => ({
      units: count,
      activation: l === units.length - 1 ? "sigmoid" : "relu",
    })),
  },
  train: {
    loss: "binaryCrossentropy",
    optimizer: "adam",
    epochs: 10 * ROUNDS,
    batchSize: BATCH,
  },
  seeds: { training: NETWORKS },
});
const table = loadDatasets(spec);
const plan = compile(spec, table);
const datasets = [...table.values()];
const [bucket] = plan.buckets;

const gpu = await requestGpu(nodeGpu());
const data = await uploadData(gpu, datasets, [inputs]);
const [runs] = populations(gpu, bucket, plan);
const candidates = [];
const bytes =
  16 * memoryLayout({ ...bucket, features: kernelFeatures(plan.runs[0].hyper) }).valueBlocks;
const fits = bytes <= gpu.adapter.limits.maxComputeWorkgroupStorageSize;
for (const kernelPlan of PLANS.filter(({ values }) => fits || values === "storage")) {
  const start = cpuMs();
  const kernels = new KernelCache(gpu, () => kernelPlan);
  const population = await createPopulation(gpu, kernels, { bucket, runs, datasets, data });
  await population.advance(1);
  candidates.push({ kernelPlan, population, compile: cpuMs() - start, wall: [0], cpu: [0] });
}
// Interleaved, so that whatever else the machine does meets all alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const { population, wall, cpu } of candidates) {
    const [start, cpuStart] = [performance.now(), cpuMs()];
    await population.advance(BATCHES);
    wall[round] = performance.now() - start;
    cpu[round] = cpuMs() - cpuStart;
  }
}
const losses = await Promise.all(
  candidates.map(async ({ population }) => (await population.report()).signalsAt(0, 0)[0]),
);
if (!losses.every((loss) => Math.abs(loss - losses[0]) < 1e-5)) {
  throw new Error(`the kernels disagree: first losses ${losses}.`);
}
const steps = runs.length * BATCHES;
console.log(`${gpu.adapter.name}, ${runs.length} networks ${shape}, batch ${BATCH}, Adam`);
console.log(
  "| tier | invocations | values | dense | model-steps/s | CPU ms per model-step | ms to compile |",
);
console.log("| --- | ---: | --- | --- | ---: | ---: | ---: |");
for (const { kernelPlan, wall, cpu, compile } of candidates) {
  const { tier, workgroupSize, values, dense } = kernelPlan;
  const version =
    typeof dense === "string"
      ? dense
      : `tiles of ${4 * dense.edge} x ${4 * dense.edge}${dense.isStoredInLoop ? "" : ", written out"}`;
  const perSecond = Math.round((1000 * steps) / Math.min(...wall));
  console.log(
    `| ${tier} | ${workgroupSize} | ${values} | ${version} | ${perSecond} | ${(Math.min(...cpu) / steps).toFixed(3)} | ${Math.round(compile)} |`,
  );
}
process.exit(0);

/** Of all threads of this process; a software adapter runs on them. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
