// What the versions of a dense layer's products have in common: the phases that they provide, and
// what those may refer to.

import type { Phase } from "./phase.ts";

export interface DensePasses {
  forward(site: DenseSite): Phase;
  /** From the layer's dPreActivation to what the layer before gave. */
  inputGradient(site: DenseSite): Phase;
  /** Of kernel and bias. */
  parameterGradient(site: DenseSite): Phase;
}

/** One layer of one kernel. Functions take WGSL expressions and give index expressions or statements. */
export interface DenseSite {
  readonly inputs: number;
  readonly inputBlocks: number;
  readonly units: number;
  readonly unitBlocks: number;
  readonly batchBlocks: number;
  /** Number of cooperating lanes, a WGSL expression. */
  readonly lanes: string;
  /** Name of a phase of this layer. */
  name(pass: string): string;
  /** Indices into the network's values. */
  input(feature: string, block: string): string;
  gradient(unit: string, block: string): string;
  /** Indices into the network's parameters. */
  kernel(input: string, unitBlock: string): string;
  readonly bias: ((unitBlock: string) => string) | null;
  /** Activates a pre-activation and stores it, with its slope where backward needs that. */
  finish(unit: string, block: string, preActivation: string): string;
  /** Takes dInput through the activation of the layer before where that is fused. */
  finishInputGradient(input: string, block: string, dInput: string): string;
  /** Add the penalty's gradient and store. */
  finishKernelGradient(input: string, unitBlock: string, dKernel: string): string;
  finishBiasGradient(unitBlock: string, dBias: string): string;
}
