// What happens to (rows, units) values between two dense layers is a chain of stages, as in the
// reference: activations, dropout, normalization and the like, each a file of operations/. Here they
// are addresses of padded matrices and calls of kernels.

import type { OperationHyper } from "../../compile/plan.ts";
import type { Activation } from "../../spec/words.ts";
import type { Pass } from "../reference/stage.ts";
import type { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";
import { rowBytes } from "./padding.ts";

export interface Stage {
  /** What an activation is; absent for every other stage. */
  readonly activation?: { readonly name: Activation; readonly alpha: number };
  /** (rows, units), the output of the stage before. */
  readonly input: number;
  /** (rows, units); the input only where the gradient does not need that any more. */
  readonly output: number;
  readonly forward: (rows: number, pass: Pass) => void;
  /**
   * After a forward pass of training: turns dOutput, the content of `gradient`, into dInput in
   * place, and writes the gradients of the stage's own parameters.
   */
  readonly backward: (rows: number, gradient: number) => void;
  /** Takes what the step has measured into the moving statistics. */
  readonly commit?: () => void;
}

/** Where a stage stands: what it reads, and what it is made with. */
export interface Site {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly input: number;
  readonly units: number;
  /** Most rows. */
  readonly capacity: number;
  readonly trainingSeed: number;
  /** The operation's place among all operations of the network. */
  readonly position: number;
  readonly numbers: OperationHyper;
}

/** Room for (capacity, units). */
export function allocateMatrix({ arena, capacity, units }: Site): number {
  return arena.allocate((capacity * rowBytes(units)) / 4);
}
