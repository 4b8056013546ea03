// A network and its numbers from a model and its training as a spec writes them, without data.

import { hyperOf, networkOf } from "../src/compile/compile.ts";
import type { Hyper, Network } from "../src/compile/plan.ts";
import { DEFAULT_LEARNING_RATE, type SpecInput, specSchema } from "../src/spec/spec.ts";

export interface WrittenNetwork {
  readonly model: SpecInput["model"];
  readonly train: SpecInput["train"];
  readonly inputs: number;
  /** Rows of the training part: with the batch size and the epochs the length of a schedule. */
  readonly rows?: number;
  /** Classes are named "0", "1" and so on. */
  readonly classes?: number;
}

export function compileNetwork({ inputs, rows = 1, classes = 2, ...written }: WrittenNetwork): {
  network: Network;
  hyper: Hyper;
} {
  const parts = specSchema.shape;
  const [model, train] = [parts.model.parse(written.model), parts.train.parse(written.train)];
  const learningRate = train.learningRate ?? DEFAULT_LEARNING_RATE[train.optimizer.name];
  const variant = { model, train: { ...train, learningRate } };
  const names = Array.from({ length: classes }, (_, i) => String(i));
  return {
    network: networkOf(variant, inputs),
    hyper: hyperOf(variant, { inputs, rows, classes: names }),
  };
}
