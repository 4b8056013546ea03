// The three products of one dense layer, each launched alone: the middle layer of a network
// W-W-W-1 with relu, so that every product has its epilogue. Checked at sampled places against sums
// in float64, within the bound of a dot product (docs/numerics.md).

import {
  initialParameters,
  type Product,
  productCounts,
  trainingCase,
  uniformAt,
} from "@convergence-lab/core";
import { withinMemory } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import { GpuError } from "../errors.ts";
import { KernelCache } from "../kernels/train-population/kernel-cache.ts";
import { type KernelPlan, launchedPlan } from "../kernels/train-population/kernel-plan.ts";
import { kernelFeatures } from "../kernels/train-population/kernel-shape.ts";
import { type MemoryLayout, networkBytes } from "../kernels/train-population/memory-layout.ts";
import type {
  EncodeAdvance,
  TrainPopulationBuffers,
  TrainPopulationKernel,
} from "../kernels/train-population/train-population.ts";
import { uploadData } from "../population/data-buffer.ts";
import { Population } from "../population/population.ts";
import { RateTable } from "../population/rate-table.ts";
import { describePlan, type KernelCase, type ReadyKernel, type Verdict } from "./kernel-case.ts";
import { readBytes } from "./probe-kernel.ts";

/** The measured layer. */
const LAYER = 1;

const ENTRY_POINTS: Readonly<Record<Product, string>> = {
  "gemm-forward": `launch_forward${LAYER}`,
  "gemm-dx": `launch_inputGradient${LAYER}`,
  "gemm-dw": `launch_parameterGradient${LAYER}`,
};

export interface GemmSize {
  readonly width: number;
  readonly batch: number;
  readonly networks: number;
}

/**
 * Forward, dX and dW of one size; they share one population, made for the first of them.
 *
 * @param plan Of tier L; absent: the planner's.
 */
export function gemmCases(gpu: Gpu, size: GemmSize, plan?: KernelPlan): KernelCase[] {
  const { width, batch, networks } = size;
  const shared = new SharedNetworks(gpu, size, plan);
  return (Object.keys(ENTRY_POINTS) as Product[]).map((kind) => ({
    kind,
    shape: `${width}-${width}`,
    networks,
    batch,
    counts: productCounts(kind, { batch, inputs: width, units: width, networks }),
    prepare: () => prepare(gpu, kind, size, shared),
  }));
}

async function prepare(
  gpu: Gpu,
  kind: Product,
  { networks }: GemmSize,
  shared: SharedNetworks,
): Promise<ReadyKernel> {
  const { kernel, buffers } = await shared.take();
  const launch = kernel.launches.find(({ entryPoint }) => entryPoint === ENTRY_POINTS[kind]);
  if (launch === undefined) {
    shared.release();
    throw new GpuError(
      "GPU_UNSUPPORTED_NETWORK",
      "at this size the product shares a launch with other phases, so it has no time of its own.",
    );
  }
  const encode: EncodeAdvance = kernel.bind(buffers, launch.entryPoint);
  const { device } = gpu;
  const run = (times: number) => {
    const encoder = device.createCommandEncoder({ label: `bench ${kind}` });
    encode(encoder, networks, times);
    device.queue.submit([encoder.finish()]);
    return gpu.wait(device.queue.onSubmittedWorkDone());
  };
  return {
    tier: describePlan(kernel.shape.plan),
    workgroups: launch.workgroups * networks,
    launches: () => 1,
    run,
    async check() {
      await run(1);
      let worst = 0;
      for (const network of new Set([0, networks - 1])) {
        const tensors = await readTensors(gpu, kernel, buffers, network);
        worst = Math.max(worst, worstShare(tensors, kind));
      }
      return verdictOf(worst);
    },
    destroy: () => shared.release(),
  };
}

function verdictOf(worst: number): Verdict {
  const says = `the worst of ${SAMPLES} sampled sums uses ${(100 * worst).toPrecision(2)}% of its error bound`;
  // A NaN is no number that is within a bound.
  return { isRight: worst <= 1, says: `${says}.` };
}

/** The networks of one size on the device, after one training step, while somebody needs them. */
class SharedNetworks {
  readonly #gpu: Gpu;
  readonly #size: GemmSize;
  readonly #plan: KernelPlan | undefined;
  #made: ReturnType<typeof createNetworks> | undefined;
  #users = 0;

  constructor(gpu: Gpu, size: GemmSize, plan: KernelPlan | undefined) {
    this.#gpu = gpu;
    this.#size = size;
    this.#plan = plan;
  }

  take(): ReturnType<typeof createNetworks> {
    this.#users++;
    this.#made ??= createNetworks(this.#gpu, this.#size, this.#plan);
    return this.#made;
  }

  async release(): Promise<void> {
    if (--this.#users > 0) return;
    const made = await this.#made;
    this.#made = undefined;
    made?.destroy();
  }
}

async function createNetworks(
  gpu: Gpu,
  { width, batch, networks }: GemmSize,
  kernelPlan: KernelPlan | undefined,
) {
  const { plan, datasets } = trainingCase({
    shape: `${width}-${width}-${width}-1`,
    networks: 1,
    batch,
    batchesPerEpoch: 1,
    epochs: 2,
    optimizer: "sgd",
    learningRate: 0.5,
  });
  const [{ network, epochs }] = plan.buckets;
  const [{ hyper }] = plan.runs;
  const features = kernelFeatures(hyper);
  requireRoom(gpu, networks * networkBytes({ network, batchSize: batch, features }));
  const kernels = new KernelCache(gpu, (_, adapter) => kernelPlan ?? launchedPlan(adapter));
  const made = await kernels.get({
    network,
    batchSize: batch,
    shuffle: false,
    features,
    isCaptured: false,
  });
  let buffers: TrainPopulationBuffers | undefined;
  const kernel: TrainPopulationKernel = {
    ...made,
    bind(all, only) {
      buffers = all;
      return made.bind(all, only);
    },
  };
  const data = await uploadData(gpu, datasets, [network.inputs]);
  const rates = new RateTable();
  const placed = rates.place(network.optimizer, hyper, epochs);
  const parametersOf = shiftedParameters(initialParameters(network, 0), networks);
  const members = Array.from({ length: networks }, (_, run) => ({
    run,
    trainingSeed: run,
    hyper,
    data: data.places[0],
    rates: placed,
    initialParameters: () => parametersOf(run),
    plannedSteps: epochs,
    batchesPerEpoch: 1,
    hasTestPart: false,
  }));
  const population = await withinMemory(
    gpu,
    (own) =>
      new Population(gpu, kernel, own, {
        members,
        epochs,
        rates: rates.values(),
        data: data.buffer,
        ringEpochs: 1,
      }),
  );
  await population.advance(1);
  return {
    kernel: made,
    buffers: buffers!,
    destroy() {
      population.destroy();
      data.buffer.destroy();
    },
  };
}

/** More than this is not allocated, though some devices would allow it: others may use them too. */
const MOST_BYTES = 2 ** 31;

function requireRoom({ adapter }: Gpu, bytes: number): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const allowed = Math.min(MOST_BYTES, maxBufferSize, maxStorageBufferBindingSize);
  if (bytes <= allowed) return;
  const mebibytes = (count: number) => Math.ceil(count / 2 ** 20);
  throw new GpuError(
    "GPU_TOO_LARGE",
    `its networks take ${mebibytes(bytes)} MiB, and ${mebibytes(allowed)} MiB are allowed.`,
  );
}

/** Parameters that differ from network to network without being drawn anew: the same ones, shifted. */
function shiftedParameters(own: ArrayLike<number>, networks: number) {
  // A prime, so that no kernel's rows fall onto themselves.
  const shift = 61;
  const all = Float32Array.from(
    { length: own.length + shift * networks },
    (_, i) => own[i % own.length],
  );
  return (network: number) => all.subarray(shift * network, shift * network + own.length);
}

/** One network's tensors around the measured layer, by element. */
interface Tensors {
  readonly width: number;
  readonly batch: number;
  readonly input: (i: number, sample: number) => number;
  readonly output: (unit: number, sample: number) => number;
  readonly kernel: (i: number, unit: number) => number;
  readonly bias: (unit: number) => number;
  readonly dPreActivation: (unit: number, sample: number) => number;
  /** Of the layer before. */
  readonly dInput: (i: number, sample: number) => number;
  readonly dKernel: (i: number, unit: number) => number;
  readonly dBias: (unit: number) => number;
}

async function readTensors(
  gpu: Gpu,
  { layout, shape }: TrainPopulationKernel,
  buffers: TrainPopulationBuffers,
  network: number,
): Promise<Tensors> {
  const read = async (buffer: GPUBuffer, blocks: number) =>
    new Float32Array(await readBytes(gpu, buffer, 16 * blocks * network, 16 * blocks));
  const values = await read(buffers.values!, layout.valueBlocks);
  const parameters = await read(buffers.parameters, layout.networkBlocks);
  const { batchBlocks, parameterBlocks, layers }: MemoryLayout = layout;
  const [before, layer] = [layers[LAYER - 1], layers[LAYER]];
  const value = (region: number) => (feature: number, sample: number) =>
    values[4 * (region + feature * batchBlocks) + sample];
  const kernel = (copy: number) => (i: number, unit: number) =>
    parameters[4 * (copy * parameterBlocks + layer.kernel + i * layer.unitBlocks) + unit];
  const bias = (copy: number) => (unit: number) =>
    parameters[4 * (copy * parameterBlocks + layer.bias!) + unit];
  return {
    width: layer.units,
    batch: shape.batchSize,
    input: value(layer.input),
    output: value(layer.output),
    dPreActivation: value(layer.gradient),
    dInput: value(before.gradient),
    kernel: kernel(0),
    bias: bias(0),
    dKernel: kernel(1),
    dBias: bias(1),
  };
}

/** Elements of a result that are compared: some at random, and the corners. */
const SAMPLES = 128;

/** The largest error of a sampled sum as a share of its bound; NaN if a result is none. */
function worstShare(tensors: Tensors, product: Product): number {
  const { width, batch, input, output, kernel, bias, dPreActivation, dInput, dKernel, dBias } =
    tensors;
  const [rows, columns] = product === "gemm-dw" ? [width, width] : [width, batch];
  let worst = 0;
  for (let s = 0; s < SAMPLES; s++) {
    const [row, column] = samplePlace(s, rows, columns);
    const shares = {
      "gemm-forward": () =>
        shareOfBound(output(row, column), width, (i) => input(i, column) * kernel(i, row), {
          start: bias(row),
          finish: (sum) => Math.max(sum, 0),
        }),
      "gemm-dx": () => {
        const slope = input(row, column) > 0 ? 1 : 0;
        return shareOfBound(
          dInput(row, column),
          width,
          (unit) => dPreActivation(unit, column) * kernel(row, unit),
          { finish: (sum) => slope * sum },
        );
      },
      "gemm-dw": () =>
        Math.max(
          shareOfBound(
            dKernel(row, column),
            batch,
            (b) => input(row, b) * dPreActivation(column, b),
          ),
          shareOfBound(dBias(column), batch, (b) => dPreActivation(column, b)),
        ),
    };
    const share = shares[product]();
    if (!(share <= worst)) worst = share;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}

function samplePlace(sample: number, rows: number, columns: number): [number, number] {
  const corners = [
    [0, 0],
    [rows - 1, 0],
    [0, columns - 1],
    [rows - 1, columns - 1],
  ] as const;
  if (sample < corners.length) return [...corners[sample]];
  const at = (axis: number, size: number) => Math.floor(uniformAt(axis, 0, sample) * size);
  return [at(0, rows), at(1, columns)];
}

/** docs/numerics.md: gamma(n + 1) (abs(start) + sum abs(a) abs(b)), u = 2^-23. */
function shareOfBound(
  actual: number,
  terms: number,
  term: (i: number) => number,
  {
    start = 0,
    finish = (sum: number) => sum,
  }: { start?: number; finish?: (sum: number) => number } = {},
): number {
  let sum = start;
  let size = Math.abs(start);
  for (let i = 0; i < terms; i++) {
    sum += term(i);
    size += Math.abs(term(i));
  }
  const nu = (terms + 1) * 2 ** -23;
  return Math.abs(actual - finish(sum)) / ((nu / (1 - nu)) * size + 2 ** -126);
}
