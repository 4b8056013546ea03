// The compiled kernels of wasm/ as a typed object. Nothing here trains.

import { decodeBase64 } from "../../shared/base64.ts";
import { KERNELS } from "./kernels.generated.ts";

/** An address is a byte offset into `memory`, a count counts numbers, a row's length is in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };

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
  readonly sigmoidForward: ActivationForward;
  readonly sigmoidBackward: ActivationBackward;
  readonly tanhForward: ActivationForward;
  readonly tanhBackward: ActivationBackward;
  readonly softplusForward: ActivationForward;
  readonly softplusBackward: ActivationBackward;
  readonly softsignForward: ActivationForward;
  readonly softsignBackward: ActivationBackward;
  readonly swishForward: ActivationForward;
  readonly swishBackward: ActivationBackward;
  readonly softmaxForward: ActivationForward;
  readonly softmaxBackward: ActivationBackward;

  readonly binaryCrossentropyFromLogits: LossKernel;
  readonly binaryCrossentropy: LossKernel;
  readonly meanSquaredError: LossKernel;
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
    decay: number,
  ): void;
  rmsprop(
    parameter: number,
    gradient: number,
    square: number,
    count: number,
    learningRate: number,
    rho: number,
    squareGain: number,
    epsilon: number,
  ): void;
  rmspropMomentum(
    parameter: number,
    gradient: number,
    square: number,
    velocity: number,
    count: number,
    learningRate: number,
    rho: number,
    squareGain: number,
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
}

export type ActivationForward = (
  preActivation: number,
  output: number,
  rows: number,
  units: number,
  rowBytes: number,
) => void;

export type ActivationBackward = (
  preActivation: number,
  output: number,
  gradient: number,
  rows: number,
  units: number,
  rowBytes: number,
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
