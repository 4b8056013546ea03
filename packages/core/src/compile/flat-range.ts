// Where an activation is so flat that a unit passes almost no gradient back. Saturated and dead units
// are defined by it (docs/probes.md), in every engine alike.

import type { Activation } from "../spec/words.ts";

/** Pre-activations `z <= low` and `z >= high` are flat; infinite where there is no such side. */
export interface FlatRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The slope of sigmoid at 5 over its largest slope, 1/4. DeepDiagnosis counts a sigmoid as saturated
 * from there on (Wardat et al., ICSE 2022); the others begin where their slope is as small.
 */
export const FLAT_SLOPE = 0.0265922;

/** Softmax has no range: a sample is saturated when its largest output is that of sigmoid at 5. */
export const SATURATED_SOFTMAX = 0.9933071;

/** Null for softmax. `alpha` is that of leakyReLU and elu. */
export function flatRange(activation: Activation, alpha = 0): FlatRange | null {
  if (activation === "softmax") return null;
  if (activation === "leakyReLU") return alpha === 0 ? FLAT_RANGES.relu : FLAT_RANGES.linear;
  if (activation !== "elu") return FLAT_RANGES[activation];
  const scale = Math.abs(alpha);
  if (scale === 0) return FLAT_RANGES.relu;
  return {
    low: Math.log((FLAT_SLOPE * Math.max(1, scale)) / scale),
    high: Number.POSITIVE_INFINITY,
  };
}

/** Flat on both sides: the activations that can saturate. */
export function isBounded(activation: Activation): boolean {
  return activation === "softmax" || Number.isFinite(flatRange(activation)!.high);
}

const below = (low: number): FlatRange => ({ low, high: Number.POSITIVE_INFINITY });
const beyond = (size: number): FlatRange => ({ low: -size, high: size });

/** flat-range.test.ts compares them with the slopes. */
const FLAT_RANGES: Record<Exclude<Activation, "softmax" | "leakyReLU" | "elu">, FlatRange> = {
  linear: below(Number.NEGATIVE_INFINITY),
  prelu: below(Number.NEGATIVE_INFINITY),
  relu: below(0),
  selu: below(-3.627),
  gelu: below(-2.612),
  geluTanh: below(-2.612),
  softplus: below(-3.6),
  swish: below(-4.867),
  mish: below(-4.893),
  // It has no largest slope: as flat as that against its slope at 0.
  exponential: below(-3.627),
  sigmoid: beyond(5),
  tanh: beyond(2.5),
  hardSigmoid: beyond(3),
  softsign: beyond(5.132),
};
