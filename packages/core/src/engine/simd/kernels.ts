// The compiled kernels of wasm/ as a typed object. Nothing here trains.

import { decodeBase64 } from "../../shared/base64.ts";
import { KERNELS } from "./kernels.generated.ts";

/** An address is a byte offset into `memory`, a count counts numbers, a row's length is in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };

  /** The first byte that the kernels do not keep for themselves. */
  heapBase(): number;

  matmul(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    bias: number,
    floor: number,
    rows: number,
    columns: number,
    depth: number,
  ): void;
  transpose(a: number, aRow: number, b: number, bRow: number, rows: number, columns: number): void;
  columnSums(a: number, aRow: number, sums: number, rows: number, columns: number): void;
  penalty(parameter: number, count: number, l1: number, l2: number): number;
  squares(values: number, count: number): number;
  addPenaltyGradient(
    parameter: number,
    gradient: number,
    count: number,
    l1: number,
    l2: number,
  ): void;

  permutedIndices(keys: number, first: number, count: number, total: number, indices: number): void;
  gatherRows(
    x: number,
    inputs: number,
    indices: number,
    count: number,
    batch: number,
    rowBytes: number,
  ): void;
  gatherLabels(y: number, indices: number, count: number, batch: number): void;

  readonly reluForward: ActivationForward;
  readonly reluBackward: ActivationBackward;
  readonly leakyReLUForward: ActivationForward;
  readonly leakyReLUBackward: ActivationBackward;
  readonly eluForward: ActivationForward;
  readonly eluBackward: ActivationBackward;
  readonly seluForward: ActivationForward;
  readonly seluBackward: ActivationBackward;
  readonly geluForward: ActivationForward;
  readonly geluBackward: ActivationBackward;
  readonly geluTanhForward: ActivationForward;
  readonly geluTanhBackward: ActivationBackward;
  readonly sigmoidForward: ActivationForward;
  readonly sigmoidBackward: ActivationBackward;
  readonly hardSigmoidForward: ActivationForward;
  readonly hardSigmoidBackward: ActivationBackward;
  readonly tanhForward: ActivationForward;
  readonly tanhBackward: ActivationBackward;
  readonly softplusForward: ActivationForward;
  readonly softplusBackward: ActivationBackward;
  readonly softsignForward: ActivationForward;
  readonly softsignBackward: ActivationBackward;
  readonly swishForward: ActivationForward;
  readonly swishBackward: ActivationBackward;
  readonly mishForward: ActivationForward;
  readonly mishBackward: ActivationBackward;
  readonly exponentialForward: ActivationForward;
  readonly exponentialBackward: ActivationBackward;
  readonly softmaxForward: ActivationForward;
  readonly softmaxBackward: ActivationBackward;
  preluForward(
    preActivation: number,
    slopes: number,
    output: number,
    rows: number,
    rowBytes: number,
  ): void;
  preluBackward(
    preActivation: number,
    slopes: number,
    gradient: number,
    dSlopes: number,
    rows: number,
    rowBytes: number,
  ): void;

  uniforms(seed: number, stream: number, step: number, out: number, count: number): void;
  normals(seed: number, stream: number, step: number, out: number, count: number): void;
  dropoutForward(
    input: number,
    uniforms: number,
    output: number,
    rows: number,
    units: number,
    rowBytes: number,
    rate: number,
    scale: number,
    shift: number,
    dropped: number,
  ): void;
  dropoutBackward(
    uniforms: number,
    gradient: number,
    rows: number,
    units: number,
    rowBytes: number,
    rate: number,
    scale: number,
  ): void;
  addNoise(
    input: number,
    normals: number,
    output: number,
    rows: number,
    units: number,
    rowBytes: number,
    stddev: number,
  ): void;

  batchMoments(
    input: number,
    mean: number,
    variance: number,
    rows: number,
    units: number,
    rowBytes: number,
  ): void;
  batchNormalizationForward(
    input: number,
    output: number,
    normalized: number,
    mean: number,
    variance: number,
    gamma: number,
    beta: number,
    rows: number,
    units: number,
    rowBytes: number,
    epsilon: number,
  ): void;
  batchNormalizationBackward(
    gradient: number,
    normalized: number,
    variance: number,
    gamma: number,
    dGamma: number,
    dBeta: number,
    rows: number,
    units: number,
    rowBytes: number,
    epsilon: number,
  ): void;
  layerNormalizationForward(
    input: number,
    output: number,
    normalized: number,
    inverse: number,
    gamma: number,
    beta: number,
    rows: number,
    units: number,
    rowBytes: number,
    epsilon: number,
  ): void;
  layerNormalizationBackward(
    gradient: number,
    normalized: number,
    inverse: number,
    gamma: number,
    dGamma: number,
    dBeta: number,
    rows: number,
    units: number,
    rowBytes: number,
  ): void;

  addTo(to: number, from: number, count: number): void;
  add(a: number, b: number, sum: number, count: number): void;
  average(averages: number, values: number, count: number, keep: number, gain: number): void;
  copy(from: number, to: number, count: number): void;
  clear(values: number, count: number): void;
  decay(values: number, count: number, share: number): void;
  clamp(values: number, count: number, limit: number): void;
  scale(values: number, count: number, factor: number): void;

  readonly binaryCrossentropyFromLogits: LossKernel;
  readonly binaryCrossentropy: LossKernel;
  readonly meanSquaredError: LossKernel;
  readonly meanAbsoluteError: LossKernel;
  readonly hinge: LossKernel;
  readonly sparseCategoricalCrossentropyFromLogits: LossKernel;
  readonly sparseCategoricalCrossentropy: LossKernel;
  oneHot(labels: number, target: number, rows: number, units: number, rowBytes: number): void;
  binaryHits(output: number, stride: number, labels: number, count: number): number;
  categoricalHits(
    output: number,
    labels: number,
    rows: number,
    units: number,
    rowBytes: number,
  ): number;
  packColumn(matrix: number, rowBytes: number, row: number, count: number): void;
  unpackColumn(row: number, matrix: number, rowBytes: number, count: number): void;

  sgd(parameter: number, gradient: number, count: number, learningRate: number): void;
  sgdMomentum(
    parameter: number,
    gradient: number,
    velocity: number,
    count: number,
    learningRate: number,
    momentum: number,
    nesterov: boolean,
  ): void;
  adam(
    parameter: number,
    gradient: number,
    mean: number,
    variance: number,
    count: number,
    rate: number,
    meanGain: number,
    varianceGain: number,
    epsilon: number,
  ): void;
  amsgrad(
    parameter: number,
    gradient: number,
    mean: number,
    variance: number,
    largest: number,
    count: number,
    rate: number,
    meanGain: number,
    varianceGain: number,
    epsilon: number,
  ): void;
  nadam(
    parameter: number,
    gradient: number,
    mean: number,
    variance: number,
    count: number,
    meanRate: number,
    gradientRate: number,
    meanGain: number,
    varianceGain: number,
    unbias: number,
    epsilon: number,
  ): void;
  adamax(
    parameter: number,
    gradient: number,
    mean: number,
    largest: number,
    count: number,
    rate: number,
    meanGain: number,
    beta2: number,
    epsilon: number,
  ): void;
  rmsprop(
    parameter: number,
    gradient: number,
    square: number,
    mean: number,
    velocity: number,
    count: number,
    learningRate: number,
    rho: number,
    gain: number,
    epsilon: number,
    momentum: number,
  ): void;
  adagrad(
    parameter: number,
    gradient: number,
    accumulator: number,
    count: number,
    learningRate: number,
    epsilon: number,
  ): void;
  adadelta(
    parameter: number,
    gradient: number,
    squares: number,
    changes: number,
    count: number,
    learningRate: number,
    rho: number,
    gain: number,
    epsilon: number,
  ): void;
  lion(
    parameter: number,
    gradient: number,
    mean: number,
    count: number,
    learningRate: number,
    beta1: number,
    gain1: number,
    beta2: number,
    gain2: number,
  ): void;
}

export type ActivationForward = (
  preActivation: number,
  output: number,
  rows: number,
  units: number,
  rowBytes: number,
  alpha: number,
) => void;

export type ActivationBackward = (
  preActivation: number,
  output: number,
  gradient: number,
  rows: number,
  units: number,
  rowBytes: number,
  alpha: number,
) => void;

/** Gives the sum of the losses, and the gradient of `scale` times it. */
export type LossKernel = (
  preActivation: number,
  output: number,
  target: number,
  gradient: number,
  rows: number,
  units: number,
  rowBytes: number,
  scale: number,
) => number;

/** The part of the WebAssembly namespace that is used here; core knows no platform's types. */
interface WebAssemblyNamespace {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | undefined;
const idle: Kernels[] = [];

/**
 * An instance with a memory of its own, for one run at a time. Instances are kept for the next
 * borrower: each memory reserves gigabytes of address space until it is collected.
 * @throws where WebAssembly or its SIMD is missing, or forbidden by a content-security policy.
 */
export function borrowKernels(): Kernels {
  return idle.pop() ?? instantiate();
}

export function returnKernels(kernels: Kernels): void {
  idle.push(kernels);
}

function instantiate(): Kernels {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyNamespace };
  if (WebAssembly === undefined) throw new Error("there is no WebAssembly here");
  compiled ??= new WebAssembly.Module(decodeBase64(KERNELS));
  return new WebAssembly.Instance(compiled).exports as Kernels;
}
