// Milliseconds per model-step of the SIMD engine: a population of networks, batch 32, Adam, float32,
// through the Engine interface, on one worker thread and on two. Drawing the batches, the training
// metrics and the events are inside the clock. The population's first losses are compared with the
// reference before a time is printed.
//
//   npx tsx --conditions=source packages/core/bench/simd-engine.bench.ts [networks] [widths] [epochs]
//
// bench/peers/torch-population.py is the same workload in PyTorch; bench/results/ has both, run in
// turn.

/// <reference types="node" />
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { compile, loadDatasets } from "../src/compile/compile.ts";
import type { Plan } from "../src/compile/plan.ts";
import { selectRuns } from "../src/compile/select-runs.ts";
import type { Engine } from "../src/engine/engine.ts";
import { createReferenceEngine } from "../src/engine/reference/index.ts";
import { createSimdEngine } from "../src/engine/simd/index.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";

const REPEATS = 7;

function population(networks: number, widths: readonly number[], epochs: number) {
  const [inputs, ...units] = widths;
  const spec = parseSpec({
    name: "simd-engine-bench",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [800, inputs] },
        labels: { randint: { low: 0, high: 2, size: 800 } },
      },
    },
    model: {
      layers: units.map((width, i) => ({
        units: width,
        activation: i === units.length - 1 ? "sigmoid" : "relu",
      })),
    },
    train: { loss: "binaryCrossentropy", optimizer: "adam", epochs },
    seeds: { training: networks, data: 1 },
  });
  const datasets = loadDatasets(spec);
  return { plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

/** Steps taken, and the losses of every run. */
async function train(
  engine: Engine,
  plan: Plan,
  datasets: ReturnType<typeof population>["datasets"],
) {
  const losses = new Map<number, number[]>();
  let steps = 0;
  for await (const event of engine.train(plan, datasets)) {
    if (event.kind === "epochs") {
      losses.set(event.run, [...(losses.get(event.run) ?? []), ...event.signals.loss!]);
    }
    if (event.kind === "finished") steps += event.steps;
  }
  return { steps, losses };
}

/** Four epochs are a hundred steps; later, rounding grows by itself. */
async function checkAgainstReference(widths: readonly number[]) {
  const { plan, datasets } = population(2, widths, 4);
  const simd = createSimdEngine({ reason: "benchmark" });
  const reference = createReferenceEngine({ reason: "benchmark" });
  const actual = await train(simd, plan, datasets);
  const expected = await train(reference, plan, datasets);
  const differences = [...expected.losses].flatMap(([run, losses]) =>
    losses.map((loss, epoch) => Math.abs(loss - actual.losses.get(run)![epoch])),
  );
  const worst = Math.max(...differences);
  if (!(worst < 1e-5)) throw new Error(`SIMD and reference losses are ${worst} apart.`);
  console.log(`${simd.info.adapter}: losses within ${worst.toExponential(1)} of the reference`);
}

interface Share {
  readonly networks: number;
  readonly widths: readonly number[];
  readonly epochs: number;
  readonly worker: number;
  readonly workers: number;
}

/** A worker trains every n-th run whenever it is told to, and answers with the steps it took. */
function serve({ networks, widths, epochs, worker, workers }: Share) {
  const { plan, datasets } = population(networks, widths, epochs);
  const mine = plan.runs.map((run) => run.index).filter((index) => index % workers === worker);
  const share = selectRuns(plan, mine);
  const engine = createSimdEngine({ reason: "benchmark" });
  parentPort!.on("message", async () => {
    parentPort!.postMessage((await train(engine, share, datasets)).steps);
  });
  parentPort!.postMessage("ready");
}

/** A worker does not inherit tsx's loader, so it registers it and then loads this file. */
const WORKER_SOURCE = `
  import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))})
    .then((tsx) => { tsx.register(); return import(${JSON.stringify(import.meta.url)}); });
`;

async function measure(
  workers: number,
  networks: number,
  widths: readonly number[],
  epochs: number,
) {
  const pool = Array.from({ length: workers }, (_, worker) => {
    const data: Share = { networks, widths, epochs, worker, workers };
    return new Worker(WORKER_SOURCE, { eval: true, workerData: data });
  });
  const answers = () =>
    Promise.all(
      pool.map((worker) => new Promise<unknown>((resolve) => worker.once("message", resolve))),
    );
  await answers();
  const samples: number[] = [];
  // The first repetition warms the compilers up.
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const start = performance.now();
    const done = answers();
    for (const worker of pool) worker.postMessage("train");
    const steps = (await done).reduce((sum: number, taken) => sum + Number(taken), 0);
    if (repeat > 0) samples.push((performance.now() - start) / steps);
  }
  await Promise.all(pool.map((worker) => worker.terminate()));
  samples.sort((a, b) => a - b);
  const text = (sample: number) => sample.toFixed(4);
  console.log(
    `${workers} ${workers === 1 ? "worker" : "workers"}, ${networks} networks ${widths.join("-")}: ` +
      `${text(samples[REPEATS >> 1])} ms per model-step ` +
      `(median of ${REPEATS}, ${text(samples[0])} to ${text(samples[REPEATS - 1])})`,
  );
}

if (isMainThread) {
  const [networks = "256", widths = "20-64-32-1", epochs = "20"] = process.argv.slice(2);
  const shape = widths.split("-").map(Number);
  await checkAgainstReference(shape);
  for (const workers of [1, 2]) await measure(workers, Number(networks), shape, Number(epochs));
} else {
  serve(workerData as Share);
}
