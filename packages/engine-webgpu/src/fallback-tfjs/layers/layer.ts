// What a layer is to the fallback: a function of tensors whose first axis is the model, and its
// backward formulas. Networks do not touch each other in any of them, so one call computes a whole
// population. A `d` in front of a name is the derivative of each network's own loss by it.
//
// The formulas are written out because tfjs-core registers no gradients unless it is bundled
// (`tf.grads` fails with "gradient function not found"), and because its tape would keep more
// intermediates than a step needs.

import type { ParameterTensor } from "@convergence-lab/core";
import type { Tensor } from "@tensorflow/tfjs-core";

/** The shape of one sample: no model axis and no batch axis. */
export type SampleShape = readonly number[];

export interface Layer {
  readonly inputShape: SampleShape;
  readonly outputShape: SampleShape;
  readonly parameters: readonly ParameterRule[];
  /**
   * `parameters[i]` is (models, ...shape of rule i), `input` is (models, batch, ...input shape).
   * Every tensor that is made here lives until the caller's `tf.tidy` ends.
   */
  forward(parameters: readonly Tensor[], input: Tensor, pass: Pass): Forward;
}

/** What a pass is for, and what random numbers in it are drawn from. */
export interface Pass {
  readonly training: boolean;
  /** The optimizer step, from 0. */
  readonly step: number;
  /** The training seed of each network. */
  readonly seeds: readonly number[];
}

export interface Forward {
  /** (models, batch, ...output shape) */
  readonly output: Tensor;
  /** In training, what the moving statistics are after the step. */
  readonly moved?: readonly Tensor[];
  backward(dOutput: Tensor): Backward;
}

export interface Backward {
  /** In the order of the layer's parameters, without moving statistics. */
  readonly dParameters: readonly Tensor[];
  /** A function, because the first layer of a network need not compute it. */
  dInput(): Tensor;
}

/** A parameter of one network. */
export interface ParameterRule {
  readonly name: ParameterTensor["kind"];
  readonly shape: readonly number[];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
