// Model-steps per second of the reference engine on one core: 20-64-32-1, batch 32, Adam, float32.
// Training through the Engine interface, as a population; the result is checked before a time is
// printed.
//
//   npx tsx --conditions=source packages/core/bench/reference-engine.bench.ts

/// <reference types="node" />
import { compile, loadDatasets } from "../src/compile/compile.ts";
import { createReferenceEngine } from "../src/engine/reference/index.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";

const spec = parseSpec({
  name: "reference-engine-bench",
  data: {
    source: {
      kind: "numpy",
      features: { rand: [1000, 20] },
      labels: { randint: { low: 0, high: 2, size: 1000 } },
    },
    split: { testSize: 0.2 },
  },
  model: {
    layers: [
      { units: 64, activation: "relu" },
      { units: 32, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", optimizer: "adam", epochs: 50 },
  seeds: { training: 4, data: 1 },
});
const datasets = loadDatasets(spec);
const plan = compile(spec, datasets);
const tables = [...datasets.values()];

/** Trains the population once. */
async function train(precision: "float32" | "float64") {
  const engine = createReferenceEngine({ precision, reason: "benchmark" });
  const losses = plan.runs.map(() => new Float32Array(spec.train.epochs));
  let steps = 0;
  const start = performance.now();
  for await (const event of engine.train(plan, tables)) {
    if (event.kind === "epochs") losses[event.run].set(event.signals.loss!, event.firstEpoch);
    if (event.kind === "finished") steps += event.steps;
  }
  return { losses, stepsPerSecond: steps / ((performance.now() - start) / 1000) };
}

// Float32 is timed before the process has seen a float64 array, as in production.
await train("float32");
const samples = [];
for (let sample = 0; sample < 5; sample++) samples.push(await train("float32"));
const rates = samples.map((sample) => Math.round(sample.stepsPerSecond)).sort((a, b) => a - b);
const float64 = await train("float64");

// A hundred steps keep float32 within 1e-5 of float64; later, rounding grows by itself.
const EPOCHS = 4;
const differences = samples[0].losses.flatMap((curve, run) =>
  Array.from(curve.subarray(0, EPOCHS), (loss, i) => Math.abs(loss - float64.losses[run][i])),
);
const worst = Math.max(...differences);
if (!(worst < 1e-5)) throw new Error(`float32 and float64 losses are ${worst} apart.`);
console.log(
  `losses of the first 100 steps differ from float64 by ${worst.toExponential(1)} at most`,
);
console.log(
  `float32: ${rates[2]} model-steps/s on one core, validation included ` +
    `(median of ${rates.length} samples from ${rates[0]} to ${rates[4]})`,
);
console.log(`float64, in the same process: ${Math.round(float64.stepsPerSecond)} model-steps/s`);
