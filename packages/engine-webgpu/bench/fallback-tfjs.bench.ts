// Milliseconds per model-step of the tfjs fallback: populations of 20-64-32-1, batch 32, Adam,
// trained through the Engine interface. The losses are checked before a time is printed, and the CPU
// time stands beside it, for machines that are shared.
//
//   npx tsx --conditions=source packages/engine-webgpu/bench/fallback-tfjs.bench.ts wasm 256
//
// With "webgpu" for the backend this runs on Dawn, and on SwiftShader when VK_DRIVER_FILES names it.

import { argv, cpuUsage } from "node:process";
import { compile, loadDatasets, parseSpec } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { createTfjsEngine, type TfjsBackend } from "../src/fallback-tfjs/index.ts";
import { attachDawn } from "../test/fallback-tfjs/attach-dawn.ts";
import { eventsOf, signalsOf } from "../test/fallback-tfjs/population-case.ts";

const backend = (argv[2] ?? "wasm") as TfjsBackend;
const networks = Number(argv[3] ?? 256);
if (backend === "webgpu") await attachDawn();
const engine = await createTfjsEngine({ backend, reason: "benchmark" });

/** 25 steps an epoch; nothing but training is timed. */
function population(training: number, epochs: number) {
  const spec = parseSpec({
    name: "fallback-tfjs-bench",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [800, 20] },
        labels: { randint: { low: 0, high: 2, size: 800 } },
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
    seeds: { training, data: 1 },
  });
  const datasets = loadDatasets(spec);
  return { plan: compile(spec, datasets), tables: [...datasets.values()] };
}

const small = population(2, 2);
const reference = createReferenceEngine({ precision: "float64", reason: "benchmark" });
const expected = signalsOf(await eventsOf(reference, small.plan, small.tables), 1).loss;
const actual = signalsOf(await eventsOf(engine, small.plan, small.tables), 1).loss;
const worst = Math.max(...expected.map((loss, epoch) => Math.abs(loss - actual[epoch])));
if (!(worst < 1e-5)) throw new Error(`the losses are ${worst} from those of the reference.`);

const EPOCHS = 2;
const timed = population(networks, EPOCHS);
const modelSteps = networks * EPOCHS * 25;
const samples: { wall: number; cpu: number }[] = [];
for (let sample = 0; sample < 4; sample++) {
  const [start, cpuStart] = [performance.now(), cpuUsage()];
  await eventsOf(engine, timed.plan, timed.tables);
  const { user, system } = cpuUsage(cpuStart);
  samples.push({
    wall: (performance.now() - start) / modelSteps,
    cpu: (user + system) / 1000 / modelSteps,
  });
}
// The first sample pays for compilation.
const rest = samples.slice(1).sort((a, b) => a.wall - b.wall);
console.log(
  `${engine.info.adapter}: ${networks} networks, ${rest[1].wall.toFixed(4)} ms per model-step ` +
    `(${rest[0].wall.toFixed(4)} to ${rest[2].wall.toFixed(4)}; ${rest[1].cpu.toFixed(4)} ms of CPU time); ` +
    `losses within ${worst.toExponential(1)} of float64`,
);
