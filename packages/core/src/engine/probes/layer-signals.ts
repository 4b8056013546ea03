// The signals of one dense layer at one step, as docs/probes.md defines them. Nothing here is fast:
// it runs at probed steps only.

import { flatRange, isBounded, SATURATED_SOFTMAX } from "../../compile/flat-range.ts";
import type { Activation } from "../../spec/activations.ts";
import { forEach, largest, type Matrix, sumOfSquares } from "./matrix.ts";

/** The block's activation: what goes in, and what comes out. */
export interface ActivationTensors {
  readonly activation: Activation;
  readonly alpha: number;
  /** (batch, units) */
  readonly z: Matrix;
  readonly a: Matrix;
}

/** What makes the kernel's gradient, penalties aside. */
export interface GradientFactors {
  /** (batch, inputs) */
  readonly input: Matrix;
  /** (batch, units): the derivative by the dense layer's output. */
  readonly dOutput: Matrix;
}

/** The L2 norm over all tensors; NaN where a number is not finite. */
export function norm(...tensors: (Matrix | null)[]): number {
  const squares = tensors.reduce((sum, t) => sum + (t === null ? 0 : sumOfSquares(t)), 0);
  return Number.isFinite(squares) ? Math.sqrt(squares) : Number.NaN;
}

export function largestOf(...tensors: (Matrix | null)[]): number {
  return Math.max(...tensors.flatMap((tensor) => (tensor === null ? [] : largest(tensor))));
}

/** Undefined for activations that are not bounded on both sides. */
export function saturatedShare({ activation, alpha, z, a }: ActivationTensors): number | undefined {
  if (!isBounded(activation)) return undefined;
  let saturated = 0;
  const range = flatRange(activation, alpha);
  if (range === null) {
    for (let row = 0; row < a.rows; row++) if (rowMaximum(a, row) >= SATURATED_SOFTMAX) saturated++;
    return saturated / a.rows;
  }
  forEach(z, (value) => {
    if (value <= range.low || value >= range.high) saturated++;
  });
  return saturated / (z.rows * z.columns);
}

/** Undefined for softmax. */
export function deadShare({ activation, alpha, z }: ActivationTensors): number | undefined {
  const range = flatRange(activation, alpha);
  if (range === null) return undefined;
  const alive = new Set<number>();
  forEach(z, (value, _row, unit) => {
    if (!(value <= range.low || value >= range.high)) alive.add(unit);
  });
  return 1 - alive.size / z.columns;
}

/** @param factors Null without penalties on the kernel: then its gradient tells. */
export function zeroGradientShare(dKernel: Matrix, factors: GradientFactors | null): number {
  let zeros = 0;
  forEach(dKernel, (value, i, unit) => {
    if ((factors === null ? value : dataGradient(factors, i, unit)) === 0) zeros++;
  });
  return zeros / (dKernel.rows * dKernel.columns);
}

/** One element of the kernel's gradient: the sum over the samples. */
function dataGradient({ input, dOutput }: GradientFactors, i: number, unit: number): number {
  let sum = 0;
  for (let row = 0; row < dOutput.rows; row++) {
    sum += input.values[row * input.stride + i] * dOutput.values[row * dOutput.stride + unit];
  }
  return sum;
}

/** Units that differ from every unit before, in a kernel element or in the bias. */
export function distinctUnits(kernel: Matrix, bias: Matrix | null): number {
  const differs = (unit: number, other: number) => {
    if (bias !== null && bias.values[unit] !== bias.values[other]) return true;
    for (let i = 0; i < kernel.rows; i++) {
      const row = i * kernel.stride;
      if (kernel.values[row + unit] !== kernel.values[row + other]) return true;
    }
    return false;
  };
  return countDistinct(kernel.columns, differs);
}

/** Two answers are equal when no output differs by more than this, relative to its size above 1. */
const SAME_OUTPUT = 1e-6;

/** Samples whose outputs differ from those of every sample before. */
export function distinctOutputs(outputs: Matrix): number {
  const { values, columns, stride } = outputs;
  const differs = (row: number, other: number) => {
    for (let j = 0; j < columns; j++) {
      const value = values[row * stride + j];
      const distance = Math.abs(value - values[other * stride + j]);
      // Written so that NaN differs from everything.
      if (!(distance <= SAME_OUTPUT * Math.max(1, Math.abs(value)))) return true;
    }
    return false;
  };
  return countDistinct(outputs.rows, differs);
}

function countDistinct(count: number, differs: (item: number, other: number) => boolean): number {
  let distinct = 0;
  for (let item = 0; item < count; item++) {
    let other = 0;
    while (other < item && differs(item, other)) other++;
    if (other === item) distinct++;
  }
  return distinct;
}

function rowMaximum({ values, columns, stride }: Matrix, row: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < columns; j++) most = Math.max(most, values[row * stride + j]);
  return most;
}
