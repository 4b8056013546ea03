// The versions of the population kernel against each other: model-steps per second, CPU time per
// model-step (which says more on a machine that is shared, and nothing on a GPU), and the time to
// compile. The planner's choice for an adapter is one of these lines. A version whose losses are not
// those of the first one has no time; whether they are equal to the bit is said too.
//
//   node bench/run.mjs kernel-plans 20-64-32-1 20-128-128-1 --networks 64,1024 [--json FILE]
//   node bench/run.mjs kernel-plans 20-64-32-1 --only "persistent 64"

/// <reference types="node" />
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BATCHES_PER_EPOCH, trainingCase } from "@convergence-lab/core";
import { takeTurns } from "../src/bench/take-turns.ts";
import { type Gpu, requestGpu } from "../src/device/request-device.ts";
import { KernelCache } from "../src/kernels/train-population/kernel-cache.ts";
import {
  describeProducts,
  hasSubgroupsOfFour,
  type KernelPlan,
} from "../src/kernels/train-population/kernel-plan.ts";
import { kernelFeatures } from "../src/kernels/train-population/kernel-shape.ts";
import { memoryLayout } from "../src/kernels/train-population/memory-layout.ts";
import { createPopulation } from "../src/population/create-population.ts";
import { uploadData } from "../src/population/data-buffer.ts";
import type { Population } from "../src/population/population.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "64" },
    batch: { type: "string", default: "32" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    json: { type: "string" },
  },
});
const SHAPES = positionals.length > 0 ? positionals : ["20-64-32-1"];
const NETWORKS = options.networks.split(",").map(Number);
const [BATCH, ROUNDS] = [options.batch, options.rounds].map(Number);

/** Epochs whose losses are compared, and more than any version trains. */
const COMPARED_EPOCHS = 4;
const EPOCHS = 1_000_000;

const tiles = (edge: 1 | 2, isStoredInLoop: boolean, isSquare = false) => ({
  edge,
  isStoredInLoop,
  isSquare,
});
const inStorage = { values: "storage" } as const;

const SOFTWARE_PLANS: readonly KernelPlan[] = [
  ...(["plain", tiles(1, true), tiles(2, true), "broadcast", tiles(2, false)] as const).map(
    (dense) => ({ tier: "persistent" as const, workgroupSize: 4, ...inStorage, dense }),
  ),
  { tier: "persistent", workgroupSize: 16, ...inStorage, dense: tiles(2, true) },
  { tier: "persistent", workgroupSize: 64, ...inStorage, dense: tiles(1, false) },
  {
    tier: "persistent",
    workgroupSize: 4,
    networksPerWorkgroup: 4,
    ...inStorage,
    dense: "broadcast",
  },
  // As on a GPU, for shapes that fit workgroup memory.
  { tier: "persistent", workgroupSize: 64, values: "workgroup", dense: tiles(1, false) },
  ...[4, 16, 64].flatMap((workgroupSize) =>
    ([tiles(2, true), "broadcast"] as const).map(
      (dense): KernelPlan => ({ tier: "L", workgroupSize, ...inStorage, dense }),
    ),
  ),
];

const GPU_PLANS: readonly KernelPlan[] = [
  ...(["workgroup", "storage"] as const).flatMap((values) =>
    [32, 64, 128, 256].flatMap((workgroupSize) =>
      [tiles(1, false, true), tiles(2, false, true)].map(
        (dense): KernelPlan => ({ tier: "persistent", workgroupSize, values, dense }),
      ),
    ),
  ),
  ...(["workgroup", "storage"] as const).map(
    (values): KernelPlan => ({
      tier: "persistent",
      workgroupSize: 128,
      values,
      dense: tiles(1, false),
    }),
  ),
  { tier: "persistent", workgroupSize: 128, ...inStorage, dense: tiles(2, true, true) },
  { tier: "persistent", workgroupSize: 512, ...inStorage, dense: tiles(1, false, true) },
  // Several networks to a workgroup, for the smallest.
  ...(
    [
      [4, 16],
      [8, 8],
      [8, 16],
      [16, 4],
      [16, 8],
      [32, 4],
    ] as const
  ).flatMap(([workgroupSize, networksPerWorkgroup]) =>
    (["workgroup", "storage"] as const).map(
      (values): KernelPlan => ({
        tier: "persistent",
        workgroupSize,
        networksPerWorkgroup,
        values,
        dense: tiles(1, false, true),
      }),
    ),
  ),
  { tier: "L", workgroupSize: 64, ...inStorage, dense: tiles(1, false, true) },
  { tier: "L", workgroupSize: 128, ...inStorage, dense: tiles(2, false, true) },
  { tier: "L", workgroupSize: 128, ...inStorage, dense: { tile: 64, wantedTiles: 1, depth: 16 } },
  { tier: "L", workgroupSize: 128, ...inStorage, dense: { tile: 128, wantedTiles: 1, depth: 16 } },
];

interface Version {
  readonly name: string;
  readonly population: Population;
  readonly compileMs: number;
  readonly losses: Float32Array;
}

interface Row {
  readonly shape: string;
  readonly networks: number;
  readonly plan: string;
  readonly modelStepsPerSecond: number | null;
  readonly cpuMsPerModelStep: number | null;
  readonly compileMs: number;
  /** Largest relative difference of a loss from the first version's, and whether all are its bits. */
  readonly difference: number;
  readonly isSameBits: boolean;
}

const gpu = await requestGpu(nodeGpu());
const rows: Row[] = [];
for (const shape of SHAPES) {
  for (const networks of NETWORKS) {
    const measured = await compareVersions(gpu, shape, networks);
    rows.push(...measured);
    console.log(`\n${gpu.adapter.name}, ${networks} networks ${shape}, batch ${BATCH}, Adam\n`);
    console.log("| version | model-steps/s | CPU ms per model-step | ms to compile | losses |");
    console.log("| --- | ---: | ---: | ---: | --- |");
    for (const { plan, modelStepsPerSecond, cpuMsPerModelStep, compileMs, ...row } of measured) {
      const losses = row.isSameBits ? "same bits" : row.difference.toExponential(1);
      const rate =
        modelStepsPerSecond === null ? "wrong" : Number(modelStepsPerSecond.toPrecision(3));
      console.log(
        `| ${plan} | ${rate} | ${cpuMsPerModelStep?.toPrecision(3) ?? ""} | ${Math.round(compileMs)} | ${losses} |`,
      );
    }
  }
}
if (options.json) {
  writeFileSync(
    options.json,
    JSON.stringify({ adapter: gpu.adapter, batch: BATCH, rows }, null, 1),
  );
}
process.exit(0);

async function compareVersions(gpu: Gpu, shape: string, networks: number): Promise<Row[]> {
  const { plan, datasets } = trainingCase({
    shape,
    networks,
    batch: BATCH,
    batchesPerEpoch: BATCHES_PER_EPOCH,
    epochs: EPOCHS,
    optimizer: "adam",
    learningRate: 0.001,
  });
  const [bucket] = plan.buckets;
  const data = await uploadData(gpu, datasets, [bucket.network.inputs]);
  const { limits } = gpu.adapter;
  const features = kernelFeatures(plan.runs[0].hyper);
  const workgroupBytes = 16 * memoryLayout({ ...bucket, features }).valueBlocks + 256;
  const plans = (gpu.adapter.isSoftware ? SOFTWARE_PLANS : GPU_PLANS).filter(
    ({ values, dense, workgroupSize, networksPerWorkgroup = 1 }) =>
      (values === "storage" ||
        networksPerWorkgroup * workgroupBytes <= limits.maxComputeWorkgroupStorageSize) &&
      (dense !== "broadcast" || hasSubgroupsOfFour(gpu.adapter)) &&
      networksPerWorkgroup * workgroupSize <= limits.maxComputeInvocationsPerWorkgroup,
  );
  const versions: Version[] = [];
  for (const kernelPlan of plans) {
    const { networksPerWorkgroup = 1 } = kernelPlan;
    const packed = networksPerWorkgroup > 1 ? ` x ${networksPerWorkgroup} networks` : "";
    const name = `${kernelPlan.tier} ${kernelPlan.workgroupSize}${packed}, ${kernelPlan.values}, ${describeProducts(kernelPlan.dense)}`;
    if (!name.includes(options.only)) continue;
    const start = gpu.adapter.isSoftware ? cpuMs() : performance.now();
    const kernels = new KernelCache(gpu, () => kernelPlan);
    const source = { bucket, runs: plan.runs, datasets, data };
    const population = await createPopulation(gpu, kernels, source);
    await population.advance(1);
    const compileMs = (gpu.adapter.isSoftware ? cpuMs() : performance.now()) - start;
    await population.advance(COMPARED_EPOCHS * BATCHES_PER_EPOCH - 1);
    const report = await population.report();
    const losses = Float32Array.from({ length: networks * COMPARED_EPOCHS }, (_, i) =>
      i % COMPARED_EPOCHS < population.ringEpochs
        ? report.signalsAt(Math.floor(i / COMPARED_EPOCHS), i % COMPARED_EPOCHS)[0]
        : 1,
    );
    versions.push({ name, population, compileMs, losses });
  }
  const [first] = versions;
  const differences = versions.map(({ losses }) =>
    losses.reduce((worst, loss, i) => {
      const difference = Math.abs(loss - first.losses[i]) / first.losses[i];
      return Math.max(difference, worst);
    }, 0),
  );
  const right = versions.filter((_, i) => differences[i] <= 1e-4);
  const cpu = right.map(() => Number.POSITIVE_INFINITY);
  const contenders = right.map(({ population }, i) => ({
    async run(batches: number) {
      const start = cpuMs();
      await population.advance(batches);
      cpu[i] = Math.min(cpu[i], (cpuMs() - start) / (batches * networks));
    },
  }));
  const timings = await takeTurns(contenders, ROUNDS);
  gpu.throwIfFailed();
  for (const { population } of versions) population.destroy();
  data.buffer.destroy();
  return versions.map((version, v): Row => {
    const i = right.indexOf(version);
    return {
      shape,
      networks,
      plan: version.name,
      modelStepsPerSecond: i < 0 ? null : networks / timings[i].median,
      cpuMsPerModelStep: i < 0 ? null : cpu[i],
      compileMs: version.compileMs,
      difference: differences[v],
      isSameBits: version.losses.every((loss, k) => Object.is(loss, first.losses[k])),
    };
  });
}

/** Of all threads of this process; a software adapter runs on them. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
