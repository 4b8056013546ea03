// Milliseconds per model-step of our own engines against the population-batched tfjs fallback, in
// interleaved rounds. Both train the same plan from the same weights on the same batches, and the
// losses of every network are compared before a time is printed.
//
//   npx tsx --conditions=source packages/engine-webgpu/bench/against-fallback.bench.ts cpu
//   npx tsx --conditions=source packages/engine-webgpu/bench/against-fallback.bench.ts webgpu --json FILE
//
// cpu is the SIMD engine on two worker threads against tfjs-wasm, which in Node has one thread;
// webgpu is our kernels against tfjs-webgpu, on one adapter.

/// <reference types="node" />
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import {
  compile,
  connectEngine,
  createPoolEngine,
  type Dataset,
  type Engine,
  loadDatasets,
  type Plan,
  parseSpec,
  serveEngine,
} from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { createTfjsEngine } from "../src/fallback-tfjs/index.ts";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { attachDawn } from "../test/fallback-tfjs/attach-dawn.ts";
import { eventsOf, signalsOf } from "../test/fallback-tfjs/population-case.ts";

const ROWS = 320;
const STEPS_PER_EPOCH = 10;

/** Largest difference of two losses over the compared epochs, which learn from rounding errors. */
const AGREEMENT = 1e-4;
const COMPARED_EPOCHS = 2;

if (isMainThread) await main();
else serveSimd();

async function main() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      networks: { type: "string", default: "256" },
      rounds: { type: "string", default: "5" },
      json: { type: "string" },
    },
  });
  const [mode = "cpu"] = positionals;
  const networks = Number(options.networks);
  const { ours, tfjs, ourEpochs, tfjsEpochs } = await opponents(mode);
  const worst = await largestDifference(ours, tfjs, planOf(networks, COMPARED_EPOCHS));
  if (!(worst <= AGREEMENT)) throw new Error(`the losses are ${worst} apart.`);
  const rounds: { ours: number; tfjs: number; load: number }[] = [];
  const [plan, tfjsPlan] = [planOf(networks, ourEpochs), planOf(networks, tfjsEpochs)];
  for (let round = 0; round < Number(options.rounds); round++) {
    rounds.push({
      ours: await time(ours, plan, networks * ourEpochs * STEPS_PER_EPOCH),
      tfjs: await time(tfjs, tfjsPlan, networks * tfjsEpochs * STEPS_PER_EPOCH),
      load: loadavg()[0],
    });
  }
  const result = {
    workload: `${networks} networks 20-64-32-1, batch 32, Adam`,
    ours: `${ours.info.name}: ${ours.info.adapter}`,
    tfjs: tfjs.info.adapter,
    processor: `${cpus().length} x ${cpus()[0].model}`,
    node: process.versions.node,
    largestLossDifference: worst,
    msPerModelStep: rounds,
  };
  print(result);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  await ours.dispose();
  process.exit(0);
}

/** Epochs are as many as let each side train for about a second. */
async function opponents(mode: string) {
  const reason = "benchmark";
  if (mode === "webgpu") {
    if (!(await attachDawn())) throw new Error("there is no WebGPU adapter.");
    return {
      ours: await createWebGpuEngine({ gpu: navigator.gpu, reason }),
      tfjs: await createTfjsEngine({ backend: "webgpu", reason }),
      ourEpochs: 10,
      tfjsEpochs: 1,
    };
  }
  return {
    ours: await simdPool(2),
    tfjs: await createTfjsEngine({ backend: "wasm", reason }),
    ourEpochs: 40,
    tfjsEpochs: 2,
  };
}

function planOf(networks: number, epochs: number): [Plan, Dataset[]] {
  const spec = parseSpec({
    name: "against-fallback",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [ROWS, 20] },
        labels: { randint: { low: 0, high: 2, size: ROWS } },
      },
    },
    model: {
      layers: [
        { units: 64, activation: "relu" },
        { units: 32, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", optimizer: "adam", epochs },
    seeds: { training: networks },
  });
  const datasets = loadDatasets(spec);
  return [compile(spec, datasets), [...datasets.values()]];
}

async function largestDifference(a: Engine, b: Engine, [plan, datasets]: [Plan, Dataset[]]) {
  const [ofA, ofB] = [await eventsOf(a, plan, datasets), await eventsOf(b, plan, datasets)];
  const differences = plan.runs.flatMap(({ index }) => {
    const [x, y] = [signalsOf(ofA, index).loss, signalsOf(ofB, index).loss];
    return x.map((loss, epoch) => Math.abs(loss - y[epoch]));
  });
  return Math.max(...differences);
}

async function time(engine: Engine, [plan, datasets]: [Plan, Dataset[]], modelSteps: number) {
  const start = performance.now();
  await eventsOf(engine, plan, datasets);
  return (performance.now() - start) / modelSteps;
}

function print(result: {
  readonly workload: string;
  readonly ours: string;
  readonly tfjs: string;
  readonly largestLossDifference: number;
  readonly msPerModelStep: readonly { ours: number; tfjs: number; load: number }[];
}) {
  const { workload, ours, tfjs, largestLossDifference, msPerModelStep: rounds } = result;
  console.log(`${workload}; losses at most ${largestLossDifference.toExponential(1)} apart`);
  console.log(`ours: ${ours}\ntfjs: ${tfjs}, all networks as one population`);
  console.log("round  ours ms  tfjs ms  ratio  load");
  const line = (name: string, a: number, b: number, load: string) =>
    console.log(
      `${name.padEnd(6)} ${a.toFixed(4).padStart(7)}  ${b.toFixed(4).padStart(7)}  ${(b / a).toFixed(1).padStart(5)}  ${load}`,
    );
  rounds.forEach((round, i) => {
    line(String(i + 1), round.ours, round.tfjs, round.load.toFixed(1));
  });
  const least = (side: "ours" | "tfjs") => Math.min(...rounds.map((round) => round[side]));
  line("least", least("ours"), least("tfjs"), "");
}

/** A worker does not inherit tsx's loader, so it registers it and then loads this file. */
async function simdPool(size: number): Promise<Engine> {
  const source = `
    import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))})
      .then((tsx) => { tsx.register(); return import(${JSON.stringify(import.meta.url)}); });
  `;
  const threads = Array.from({ length: size }, () => new Worker(source, { eval: true }));
  const workers = await Promise.all(
    threads.map((thread) =>
      connectEngine(
        {
          post: (message) => thread.postMessage(message),
          onMessage: (handler) => thread.on("message", handler),
          onClose: (handler) => thread.on("exit", handler),
        },
        {},
      ),
    ),
  );
  const { info } = workers[0];
  return createPoolEngine(workers, { ...info, adapter: `${info.adapter}, ${size} workers` });
}

function serveSimd() {
  const port = parentPort!;
  serveEngine(
    {
      post: (message) => port.postMessage(message),
      onMessage: (handler) => port.on("message", handler),
      onClose: (handler) => port.on("close", handler),
    },
    async () => createSimdEngine({ reason: "benchmark" }),
  );
}
