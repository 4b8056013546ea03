// Model-steps per second of the webgpu engine against tfjs-webgpu, layers API as a user writes it
// (`model.fit`), on the same adapter in the same process, in interleaved rounds.
//
//   pnpm bench                                  all shapes and populations
//   pnpm bench 20-64-32-1 --networks 1,64       one shape, two populations
//   pnpm bench 20-512-1 --batch 256 --steps 2   other batches than 32, and an epoch of 2 of them
//   pnpm bench --json FILE                      the numbers as JSON too
//
// A user of tfjs trains a population one network after the other, so one fit stands for any number
// of them. Before a time is printed both train the same network from the same weights on the same
// rows, and their losses must agree. The first fit of each shape compiles its shaders and is not
// timed; the engine's times hold everything that `engine.train` does.

/// <reference types="node" />
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  compile,
  type Dataset,
  type Engine,
  initialParameters,
  loadDatasets,
  type Plan,
  parseSpec,
} from "@convergence-lab/core";
import * as tf from "@tensorflow/tfjs-core";
import { layers, type Sequential, sequential } from "@tensorflow/tfjs-layers";
import { reportAdapter } from "../src/device/adapter-report.ts";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "1,64,256" },
    batch: { type: "string", default: "32" },
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "10" },
    json: { type: "string" },
  },
});
const SHAPES =
  positionals.length > 0 ? positionals : ["20-4-1", "20-64-32-1", "20-128-128-1", "10-32-1"];
const NETWORKS = options.networks.split(",").map(Number);
const ROUNDS = Number(options.rounds);
const BATCH = Number(options.batch);
const STEPS_PER_EPOCH = Number(options.steps);
const ROWS = STEPS_PER_EPOCH * BATCH;

/** Long enough that starting a training does not count. */
const TIMED_MS = 400;

/** Largest difference of the two losses over the compared epochs, which learn from rounding errors. */
const AGREEMENT = 1e-3;
const COMPARED_EPOCHS = 2;

function planOf(shape: string, networks: number, epochs: number, shuffle: boolean) {
  const [inputs, ...units] = shape.split("-").map(Number);
  const spec = parseSpec({
    name: "against-tfjs",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [ROWS, inputs] },
        labels: { randint: { low: 0, high: 2, size: ROWS } },
      },
    },
    model: {
      layers: units.map((count, l) => ({
        units: count,
        activation: l === units.length - 1 ? "sigmoid" : "relu",
      })),
    },
    train: { loss: "binaryCrossentropy", optimizer: "adam", epochs, batchSize: BATCH, shuffle },
    seeds: { training: networks },
  });
  const datasets = loadDatasets(spec);
  return { plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

interface Trained {
  readonly ms: number;
  /** Of the first network, by epoch. */
  readonly losses: number[];
}

async function trainOurs(engine: Engine, plan: Plan, datasets: Dataset[]): Promise<Trained> {
  const losses: number[] = [];
  const start = performance.now();
  for await (const event of engine.train(plan, datasets)) {
    if (event.kind === "epochs" && event.run === 0) losses.push(...event.signals.loss!);
    if (event.kind === "finished" && event.status !== "complete") {
      throw new Error(`network ${event.run} diverged.`);
    }
  }
  return { ms: performance.now() - start, losses };
}

async function trainTfjs(model: Sequential, dataset: Dataset, epochs: number, shuffle: boolean) {
  const { rows, x, y } = dataset.train;
  const inputs = tf.tensor2d(x, [rows, x.length / rows]);
  const labels = tf.tensor2d(y, [rows, 1]);
  const start = performance.now();
  const { history } = await model.fit(inputs, labels, {
    epochs,
    batchSize: BATCH,
    shuffle,
    verbose: 0,
  });
  const ms = performance.now() - start;
  tf.dispose([inputs, labels]);
  return { ms, losses: history.loss as number[] } satisfies Trained;
}

function tfjsModel(plan: Plan): Sequential {
  const { network } = plan.buckets[0];
  const model = sequential();
  network.layers.forEach(({ inputs, units, activation }, l) => {
    const shape = l === 0 ? { inputShape: [inputs] } : {};
    model.add(layers.dense({ units, activation: activation as "relu" | "sigmoid", ...shape }));
  });
  const flat = initialParameters(network, plan.runs[0].trainingSeed);
  const weights = network.layout.tensors.map(({ offset, size, shape }) =>
    tf.tensor(flat.slice(offset, offset + size), [...shape]),
  );
  model.setWeights(weights);
  tf.dispose(weights);
  model.compile({ optimizer: tf.train.adam(0.001), loss: "binaryCrossentropy" });
  return model;
}

interface Row {
  readonly shape: string;
  readonly networks: number;
  /** Milliseconds per model-step: the fastest round of each. */
  readonly ours: number;
  readonly tfjs: number;
}

async function measure(engine: Engine, shape: string): Promise<Row[]> {
  const compared = planOf(shape, 1, COMPARED_EPOCHS, false);
  const model = tfjsModel(compared.plan);
  const ourLosses = (await trainOurs(engine, compared.plan, compared.datasets)).losses;
  const [dataset] = compared.datasets;
  const tfjsLosses = (await trainTfjs(model, dataset, COMPARED_EPOCHS, false)).losses;
  const worst = Math.max(...ourLosses.map((loss, e) => Math.abs(loss - tfjsLosses[e])));
  if (ourLosses.length !== COMPARED_EPOCHS || !(worst <= AGREEMENT)) {
    throw new Error(`${shape}: losses ${ourLosses} against ${tfjsLosses} of tfjs; not timed.`);
  }
  console.error(`${shape}: losses of ${COMPARED_EPOCHS} epochs agree to ${worst.toExponential(1)}`);

  const populations = [];
  for (const networks of NETWORKS) {
    const trial = planOf(shape, networks, 4, true);
    const { ms } = await trainOurs(engine, trial.plan, trial.datasets);
    const epochs = Math.max(4, Math.ceil((4 * TIMED_MS) / ms));
    populations.push({ networks, epochs, ...planOf(shape, networks, epochs, true) });
  }
  const best = new Map<number | "tfjs", number>();
  const note = (key: number | "tfjs", ms: number) =>
    best.set(key, Math.min(ms, best.get(key) ?? Number.POSITIVE_INFINITY));
  for (let round = 0; round < ROUNDS; round++) {
    note("tfjs", (await trainTfjs(model, dataset, 1, true)).ms / STEPS_PER_EPOCH);
    for (const { networks, epochs, plan, datasets } of populations) {
      const { ms } = await trainOurs(engine, plan, datasets);
      note(networks, ms / (networks * epochs * STEPS_PER_EPOCH));
    }
  }
  model.dispose();
  return NETWORKS.map((networks) => ({
    shape,
    networks,
    ours: best.get(networks)!,
    tfjs: best.get("tfjs")!,
  }));
}

// tfjs registers its backend when that is loaded, if there is an adapter where a browser has it.
Object.defineProperty(globalThis, "navigator", { value: { gpu: nodeGpu() }, configurable: true });
await import("@tensorflow/tfjs-backend-webgpu");
if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs found no WebGPU adapter.");
const adapter = await nodeGpu().requestAdapter();
// What is timed stands for long trainings. On a software adapter it is itself a short one, whose kernel
// would be the one that is compiled soonest.
const isPlanned = adapter !== null && reportAdapter(adapter).isSoftware;
const engine = await createWebGpuEngine({
  gpu: nodeGpu(),
  reason: "benchmark",
  ...(isPlanned && { tuning: "skip" }),
});
const environment = {
  adapter: engine.info.adapter,
  cpu: `${cpus().length} x ${cpus()[0].model}`,
  node: process.versions.node,
  tfjs: tf.version_core,
};
console.log(Object.values(environment).join(", "));

const rows: Row[] = [];
for (const shape of SHAPES) rows.push(...(await measure(engine, shape)));
console.log(
  `| network, batch ${BATCH}, Adam | networks | webgpu engine, model-steps/s | tfjs-webgpu, model-steps/s | times |`,
);
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const { shape, networks, ours, tfjs } of rows) {
  const perSecond = (ms: number) => (1000 / ms).toPrecision(3);
  console.log(
    `| ${shape} | ${networks} | ${Number(perSecond(ours))} | ${Number(perSecond(tfjs))} | ${Math.round(tfjs / ours)} |`,
  );
}
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ environment, rows }, null, 2)}\n`);
// Dawn keeps Node's event loop alive.
process.exit(0);
