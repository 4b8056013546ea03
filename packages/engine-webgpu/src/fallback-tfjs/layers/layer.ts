// What a layer is to the fallback: a function of tensors whose first axis is the model, and its
// backward formulas. Networks do not touch each other in any of them, so one call computes a whole
// population. A `d` in front of a name is the derivative of each network's own loss by it.
//
// The formulas are written out because tfjs-core registers no gradients unless it is bundled
// (`tf.grads` fails with "gradient function not found"), and because its tape would keep more
// intermediates than a step needs.

import type { Tensor } from "@tensorflow/tfjs-core";

/** The shape of one sample: no model axis and no batch axis. */
export type SampleShape = readonly number[];

export interface Layer {
  readonly outputShape: SampleShape;
  readonly parameters: readonly ParameterRule[];
  /**
   * `parameters[i]` is (models, ...shape of rule i), `input` is (models, batch, ...input shape).
   * Every tensor that is made here lives until the caller's `tf.tidy` ends.
   */
  forward(parameters: readonly Tensor[], input: Tensor, training: boolean): Forward;
}

export interface Forward {
  /** (models, batch, ...output shape) */
  readonly output: Tensor;
  backward(dOutput: Tensor): Backward;
}

export interface Backward {
  /** In the order of the layer's parameters. */
  readonly dParameters: readonly Tensor[];
  /** A function, because the first layer of a network need not compute it. */
  dInput(): Tensor;
}

/** The shape of a parameter of one network, and how Keras draws it unless told otherwise. */
export interface ParameterRule {
  readonly name: "kernel" | "recurrentKernel" | "bias" | "embeddings";
  readonly shape: readonly number[];
  readonly initializer: DefaultInitializer;
  /** What the initializers scale by. */
  readonly fanIn: number;
  readonly fanOut: number;
}

/** `unitForget`: zeros, and ones for the forget gate of an LSTM. */
export type DefaultInitializer =
  | "glorotUniform"
  | "orthogonal"
  | "randomUniform"
  | "zeros"
  | "unitForget";

/** A bias of `units` numbers; Keras takes both fans of a vector to be its length. */
export function biasRule(units: number, initializer: DefaultInitializer = "zeros"): ParameterRule {
  return { name: "bias", shape: [units], initializer, fanIn: units, fanOut: units };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
