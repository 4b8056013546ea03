// What happens to (batch, units) values between two dense layers is a chain of stages: activations,
// dropout, normalization and the like. Each kind is a file of operations/.

import type { OperationHyper } from "../../compile/plan.ts";
import type { Activation } from "../../spec/words.ts";
import type { Precision, Tensor } from "./tensor.ts";

export interface Stage {
  /** What an activation is; absent for every other stage. */
  readonly activation?: { readonly name: Activation; readonly alpha: number };
  /** (batch, units), the output of the stage before. */
  readonly input: Tensor;
  /** (batch, units); not the input, which the gradient still needs. */
  readonly output: Tensor;
  readonly forward: (batch: number, pass: Pass) => void;
  /**
   * After a forward pass of training: turns dOutput, the content of `gradient`, into dInput in
   * place, and writes the gradients of the stage's own parameters.
   */
  readonly backward: (batch: number, gradient: Tensor) => void;
  /** Takes what the step has measured into the moving statistics. */
  readonly commit?: () => void;
}

export interface Pass {
  readonly mode: "training" | "inference";
  /** The optimizer step, from 0: the last word of the counter of every random number. */
  readonly step: number;
}

/** Where a stage stands: what it reads, and what it is made with. */
export interface Site {
  readonly input: Tensor;
  readonly units: number;
  /** The largest batch. */
  readonly capacity: number;
  readonly precision: Precision;
  readonly trainingSeed: number;
  /** The operation's place among all operations of the network. */
  readonly position: number;
  readonly numbers: OperationHyper;
}

/** A tensor of parameters and its gradient: views into the network's flat vectors. */
export interface Parameter {
  readonly values: Tensor;
  readonly gradient: Tensor;
}
