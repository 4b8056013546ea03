// What the fallback computes. The plan can say more, and nothing in a plan may be passed over in
// silence.

import { type Hyper, type Network, wordsOf } from "@convergence-lab/core";
import { TfjsError } from "./errors.ts";

const TFJS_WORDS: ReadonlySet<string> = new Set([
  "linear",
  "relu",
  "leakyReLU",
  "elu",
  "selu",
  "gelu",
  "sigmoid",
  "tanh",
  "softplus",
  "softsign",
  "swish",
  "softmax",
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "hinge",
  "meanSquaredError",
  "sgd",
  "adam",
  "adamw",
  "rmsprop",
  "adagrad",
  "learningRates",
]);

/** @throws TfjsError TFJS_UNSUPPORTED, naming the first thing that is not computed here. */
export function requireCovered(network: Network, hyper: Hyper): void {
  const word = wordsOf(network, hyper).find((name) => !TFJS_WORDS.has(name));
  if (word !== undefined) throw unsupported(word);
}

/** The error for a word that tfjs does not have here. */
export function unsupported(word: string): TfjsError {
  return new TfjsError(
    "TFJS_UNSUPPORTED",
    `the tfjs engine does not compute ${word}; use the engine "cpu".`,
  );
}
