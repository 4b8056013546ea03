// Training steps of populations against JAX (vmap and scan) and PyTorch (batched products in a CUDA
// graph) on the same GPU: the same initial weights, rows and batch order, which is each network's
// own. Losses of the first epochs must agree before a time counts. Rounds in turn, in one call; what
// is timed is training alone, with the state kept on the device by all of them.
//
//   node bench/run.mjs against-python [20-64-32-1 ...] [--networks 64,1024] [--peers jax-float32]
//                                     [--python python3] [--json FILE]

/// <reference types="node" />
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
  BATCHES_PER_EPOCH,
  type Dataset,
  initialParameters,
  type Plan,
  permutationKeys,
  permutedIndex,
  trainingCase,
} from "@convergence-lab/core";
import { describePlan } from "../src/bench/kernel-case.ts";
import { type Gpu, requestGpu } from "../src/device/request-device.ts";
import { KernelCache } from "../src/kernels/train-population/kernel-cache.ts";
import { createPopulation, populations, shapeOf } from "../src/population/create-population.ts";
import { uploadData } from "../src/population/data-buffer.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "64,256,1024,4096" },
    peers: { type: "string", default: "jax-float32,jax-tf32,torch-autograd,torch-compile" },
    "peers-folder": { type: "string", default: "bench/peers" },
    python: { type: "string", default: "python3" },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "100" },
    json: { type: "string" },
  },
});
const SHAPES = positionals.length > 0 ? positionals : ["16-32-32-10", "20-64-32-1", "20-128-128-1"];
const NETWORKS = options.networks.split(",").map(Number);
const [ROUNDS, BLOCK_MS] = [options.rounds, options.ms].map(Number);
const BATCH = 32;
const LEARNING_RATE = 0.001;
const COMPARED_EPOCHS = 4;
/** More than anyone trains. */
const EPOCHS = 1_000_000;

/** Largest relative difference of an epoch's loss: 16 steps of Adam from rounding errors. */
const AGREEMENT: Readonly<Record<string, number>> = { "jax-tf32": 1e-2 };
const EXACT_AGREEMENT = 1e-4;

interface Case {
  readonly name: string;
  readonly shape: string;
  readonly networks: number;
  readonly plan: Plan;
  readonly datasets: readonly Dataset[];
}

/** Somebody who trains the cases, each of which goes on from where it is. */
interface Trainer {
  readonly name: string;
  version: string;
  /** Loss of each compared epoch of each network, case by case. */
  load(cases: readonly Case[]): Promise<ReadonlyMap<string, readonly (readonly number[])[]>>;
  /** Trains at least so many steps; the seconds and the steps that it took. */
  run(name: string, steps: number): Promise<{ seconds: number; steps: number }>;
  describe(name: string): string;
  end(): void;
}

interface Row {
  readonly shape: string;
  readonly networks: number;
  readonly trainer: string;
  readonly how: string;
  readonly difference: number;
  readonly status: "measured" | "wrong";
  readonly modelStepsPerSecond: { median: number; fastest: number; slowest: number } | null;
}

const folder = mkdtempSync(join(tmpdir(), "against-python-"));
const gpu = await requestGpu(nodeGpu());
const trainers: Trainer[] = [
  webgpuTrainer(gpu),
  ...options.peers
    .split(",")
    .filter((name) => name !== "")
    .map(pythonTrainer),
];
const cases = SHAPES.flatMap((shape) => NETWORKS.map((networks) => caseOf(shape, networks)));
const began = performance.now();
const told = (what: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(1)} s: ${what}`);
for (const each of cases) writeCase(each);
told("cases are written");
const losses = await Promise.all(
  trainers.map(async (trainer) => {
    try {
      const loaded = await trainer.load(cases);
      told(`${trainer.name} has loaded`);
      return loaded;
    } catch (error) {
      told(`${trainer.name}: ${(error as Error).message}`);
      return null;
    }
  }),
);
const rows: Row[] = [];
const versions = trainers.map(({ name, version }) => `${name}: ${version}`);
for (const each of cases) {
  rows.push(...(await measure(each)));
  // After each, because a machine may be lent for a while only.
  if (options.json) {
    const result = { adapter: gpu.adapter, versions, batch: BATCH, rounds: ROUNDS, rows };
    writeFileSync(options.json, JSON.stringify(result, null, 1));
  }
}
console.log(`\n${gpu.adapter.name}; ${versions.join("; ")}\n`);
console.log(table(rows));
for (const trainer of trainers) trainer.end();
rmSync(folder, { recursive: true });
process.exit(0);

/** One that fails has no time in this case; the others go on. */
async function attempt({ name }: Trainer, what: () => Promise<void>): Promise<void> {
  try {
    await what();
  } catch (error) {
    told(`${name}: ${(error as Error).message}`);
  }
}

function caseOf(shape: string, networks: number): Case {
  const made = trainingCase({
    shape,
    networks,
    batch: BATCH,
    batchesPerEpoch: BATCHES_PER_EPOCH,
    epochs: EPOCHS,
    optimizer: "adam",
    learningRate: LEARNING_RATE,
  });
  return { name: `${shape} x${networks}`, shape, networks, ...made };
}

function folderOf({ name }: Case): string {
  return join(folder, name.replace(" ", "-"));
}

function writeCase(each: Case): void {
  const { plan, datasets, networks } = each;
  const [{ network }] = plan.buckets;
  const { train } = datasets[0];
  const size = network.layout.size;
  const parameters = new Float32Array(size * networks);
  const order = new Uint32Array(COMPARED_EPOCHS * networks * train.rows);
  for (const { index, trainingSeed } of plan.runs) {
    parameters.set(initialParameters(network, trainingSeed), size * index);
    for (let epoch = 0; epoch < COMPARED_EPOCHS; epoch++) {
      const keys = permutationKeys(trainingSeed, epoch, train.rows);
      for (let i = 0; i < train.rows; i++) {
        order[(epoch * networks + index) * train.rows + i] = permutedIndex(keys, i, train.rows);
      }
    }
  }
  writeFiles(folderOf(each), {
    "x.f32": train.x,
    "y.f32": train.y,
    "parameters.f32": parameters,
    "order.u32": order,
  });
}

function writeFiles(into: string, files: Record<string, Float32Array | Uint32Array>): void {
  mkdirSync(into);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(into, name), content);
}

async function measure(each: Case): Promise<Row[]> {
  const { name, shape, networks } = each;
  const [expected] = losses.map((of) => of?.get(name));
  const found = trainers.map((trainer, i) => {
    const difference = worstDifference(expected, losses[i]?.get(name));
    const allowed = AGREEMENT[trainer.name] ?? EXACT_AGREEMENT;
    return { trainer, difference, isRight: difference <= allowed };
  });
  const rates = new Map<Trainer, number[]>();
  const blocks = new Map<Trainer, number>();
  for (const { trainer, isRight } of found) {
    if (!isRight) continue;
    await attempt(trainer, async () => {
      blocks.set(trainer, await stepsOfBlock(trainer, name));
      rates.set(trainer, []);
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [trainer, ofTrainer] of rates) {
      await attempt(trainer, async () => {
        const { seconds, steps } = await trainer.run(name, blocks.get(trainer)!);
        ofTrainer.push((steps * networks) / seconds);
      });
    }
  }
  told(`${name} is measured`);
  return found.map(({ trainer, difference }): Row => {
    const sorted = (rates.get(trainer) ?? []).toSorted((a, b) => a - b);
    const isMeasured = sorted.length === ROUNDS;
    return {
      shape,
      networks,
      trainer: trainer.name,
      how: trainer.describe(name),
      difference,
      status: isMeasured ? "measured" : "wrong",
      modelStepsPerSecond: isMeasured
        ? { median: sorted[ROUNDS >> 1], slowest: sorted[0], fastest: sorted[ROUNDS - 1] }
        : null,
    };
  });
}

/** Infinity where a loss is missing. */
function worstDifference(
  expected: readonly (readonly number[])[] | undefined,
  actual: readonly (readonly number[])[] | undefined,
): number {
  if (!expected || !actual || actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [network, epochs] of expected.entries()) {
    for (const [epoch, loss] of epochs.entries()) {
      const difference = Math.abs(actual[network][epoch] - loss) / loss;
      if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    }
  }
  return worst;
}

/** Steps that take about the wanted time, found by doing. */
async function stepsOfBlock(trainer: Trainer, name: string): Promise<number> {
  let steps = 16;
  await trainer.run(name, steps);
  for (;;) {
    const took = await trainer.run(name, steps);
    const ms = 1000 * took.seconds;
    if (ms >= BLOCK_MS / 2) return took.steps;
    steps = Math.ceil(took.steps * Math.min(8, BLOCK_MS / Math.max(ms, 0.01)));
  }
}

function webgpuTrainer(gpu: Gpu): Trainer {
  const kernels = new KernelCache(gpu);
  const made = new Map<string, { how: string; advance(batches: number): Promise<unknown> }>();
  return {
    name: "webgpu",
    version: `Convergence Lab on ${gpu.adapter.name}, Node ${process.version}`,
    async load(cases) {
      const losses = new Map<string, number[][]>();
      for (const { name, plan, datasets } of cases) {
        const [bucket] = plan.buckets;
        const data = await uploadData(gpu, datasets, [bucket.network.inputs]);
        const groups = [];
        for (const runs of populations(gpu, bucket, plan)) {
          groups.push(await createPopulation(gpu, kernels, { bucket, runs, datasets, data }));
        }
        const advance = (batches: number) =>
          Promise.all(groups.map((group) => group.advance(batches)));
        await advance(COMPARED_EPOCHS * BATCHES_PER_EPOCH);
        const ofCase: number[][] = [];
        for (const group of groups) {
          const report = await group.report();
          for (const i of group.members.keys()) {
            ofCase.push(
              Array.from({ length: COMPARED_EPOCHS }, (_, epoch) => report.signalsAt(i, epoch)[0]),
            );
          }
        }
        losses.set(name, ofCase);
        const { shape } = await kernels.get(shapeOf(bucket, plan.runs));
        made.set(name, { how: describePlan(shape.plan), advance });
      }
      return losses;
    },
    async run(name, steps) {
      const start = performance.now();
      await made.get(name)!.advance(steps);
      gpu.throwIfFailed();
      return { seconds: (performance.now() - start) / 1000, steps };
    },
    describe: (name) => made.get(name)?.how ?? "",
    end: () => gpu.destroy(),
  };
}

/** "jax-float32": its script and the script's argument. */
function pythonTrainer(name: string): Trainer {
  const [library, argument] = name.split("-");
  const script = { jax: "jax_vmap.py", torch: "torch_graph.py" }[library];
  if (script === undefined) throw new Error(`no peer is called ${name}.`);
  const child: ChildProcess = spawn(
    options.python,
    [join(options["peers-folder"], script), argument],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ask = async (request: unknown) => {
    child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} has ended.`);
    return JSON.parse(value);
  };
  child.stdin!.on("error", () => {});
  return {
    name,
    version: "",
    async load(cases) {
      const request = cases.map((each) => ({
        name: each.name,
        widths: each.shape.split("-").map(Number),
        networks: each.networks,
        batch: BATCH,
        rows: each.datasets[0].train.rows,
        learningRate: LEARNING_RATE,
        folder: folderOf(each),
      }));
      const { losses, version } = await ask({ do: "load", cases: request });
      this.version = version;
      return new Map(Object.entries(losses));
    },
    run: (name, steps) => ask({ do: "run", name, steps }),
    describe: () => "",
    end: () => child.kill(),
  };
}

/** One line per population, the rates of all, and ours divided by each peer's. */
function table(rows: readonly Row[]): string {
  const names = trainers.map(({ name }) => name);
  const head = `| network, batch ${BATCH}, Adam | networks | ${names.map((name) => `${name}, model-steps/s`).join(" | ")} | ${names
    .slice(1)
    .map((name) => `times ${name}`)
    .join(" | ")} |`;
  const lines = cases.map(({ shape, networks }) => {
    const rates = names.map(
      (name) =>
        rows.find((r) => r.shape === shape && r.networks === networks && r.trainer === name)
          ?.modelStepsPerSecond?.median ?? Number.NaN,
    );
    const cells = rates.map((rate) => (Number.isNaN(rate) ? "wrong" : rate.toPrecision(3)));
    const ratios = rates
      .slice(1)
      .map((rate) => (Number.isNaN(rates[0] / rate) ? "" : (rates[0] / rate).toPrecision(3)));
    return `| ${[shape, networks, ...cells, ...ratios].join(" | ")} |`;
  });
  return [head, `| --- | ${"---: | ".repeat(2 * names.length)}`.trimEnd(), ...lines].join("\n");
}
