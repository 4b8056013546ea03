// The signals of one dense layer at one step, as docs/probes.md defines them. Nothing here is fast:
// it runs at probed steps only.

import { flatRange, isBounded, SATURATED_SOFTMAX } from "../../compile/flat-range.ts";
import type { Activation } from "../../spec/words.ts";
import { type Matrix, rootOf, type Scan } from "./matrix.ts";

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
export function norm(...tensors: readonly Scan[]): number {
  return rootOf(tensors.reduce((sum, { squares }) => sum + squares, 0));
}

/** NaN where a number is not finite. */
export function largestOf(...tensors: readonly Scan[]): number {
  return Math.max(...tensors.map(({ largest }) => largest));
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
  const { low, high } = range;
  for (let row = 0; row < z.rows; row++) {
    for (let unit = 0; unit < z.columns; unit++) {
      if (isFlat(z.values[row * z.stride + unit], low, high)) saturated++;
    }
  }
  return saturated / (z.rows * z.columns);
}

/** Undefined for softmax. */
export function deadShare({ activation, alpha, z }: ActivationTensors): number | undefined {
  const range = flatRange(activation, alpha);
  if (range === null) return undefined;
  const { low, high } = range;
  let dead = 0;
  for (let unit = 0; unit < z.columns; unit++) {
    let row = 0;
    while (row < z.rows && isFlat(z.values[row * z.stride + unit], low, high)) row++;
    if (row === z.rows) dead++;
  }
  return dead / z.columns;
}

function isFlat(value: number, low: number, high: number): boolean {
  return value <= low || value >= high;
}

/** Of a kernel whose gradient has a penalty's part: the share without it. */
export function zeroGradientShare({ input, dOutput }: GradientFactors): number {
  let zeros = 0;
  for (let i = 0; i < input.columns; i++) {
    for (let unit = 0; unit < dOutput.columns; unit++) {
      if (dataGradient(input, dOutput, i, unit) === 0) zeros++;
    }
  }
  return zeros / (input.columns * dOutput.columns);
}

/** One element of the kernel's gradient: the sum over the samples. */
function dataGradient(input: Matrix, dOutput: Matrix, i: number, unit: number): number {
  let sum = 0;
  for (let row = 0; row < dOutput.rows; row++) {
    sum += input.values[row * input.stride + i] * dOutput.values[row * dOutput.stride + unit];
  }
  return sum;
}

/** Units that differ from every unit before, in a kernel element or in the bias. */
export function distinctUnits(kernel: Matrix, bias: Matrix | null): number {
  const { values, rows, columns, stride } = kernel;
  const isCopy = (unit: number, other: number) => {
    if (bias !== null && bias.values[unit] !== bias.values[other]) return false;
    let i = 0;
    while (i < rows && values[i * stride + unit] === values[i * stride + other]) i++;
    return i === rows;
  };
  // Only units that agree in the first row are compared: few, or copies of the first of them.
  const distinct = new Map<number, number[]>();
  let count = 0;
  for (let unit = 0; unit < columns; unit++) {
    const alike = distinct.get(values[unit]) ?? [];
    distinct.set(values[unit], alike);
    if (alike.some((other) => isCopy(unit, other))) continue;
    alike.push(unit);
    count++;
  }
  return count;
}

/** Two answers are equal when no output differs by more than this, relative to its size above 1. */
const SAME_OUTPUT = 1e-6;

/** Samples whose outputs differ from those of every sample before. */
export function distinctOutputs({ values, rows, columns, stride }: Matrix): number {
  const isSame = (row: number, other: number) => {
    for (let j = 0; j < columns; j++) {
      const value = values[row * stride + j];
      const distance = Math.abs(value - values[other * stride + j]);
      // Written so that NaN differs from everything.
      if (!(distance <= SAME_OUTPUT * Math.max(1, Math.abs(value)))) return false;
    }
    return true;
  };
  let distinct = 0;
  for (let row = 0; row < rows; row++) {
    let other = 0;
    while (other < row && !isSame(row, other)) other++;
    if (other === row) distinct++;
  }
  return distinct;
}

function rowMaximum({ values, columns, stride }: Matrix, row: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < columns; j++) most = Math.max(most, values[row * stride + j]);
  return most;
}
