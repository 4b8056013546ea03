// What these kernels can compute: every word of a network of dense layers. Everything else is another
// engine's.

import { DENSE_WORDS, type Hyper, type Network, wordsOf } from "@convergence-lab/core";
import { GpuError } from "./errors.ts";

/** The first of some words (core's `wordsOf`) that the kernels do not have. */
export function unsupportedWord(words: readonly string[]): string | undefined {
  return words.find((word) => !DENSE_WORDS.has(word));
}

/** The first word of a network that the kernels do not have; undefined when they have them all. */
export function unsupportedReason(network: Network, hyper: Hyper): string | undefined {
  return unsupportedWord(wordsOf(network, hyper));
}

/** @throws GpuError GPU_UNSUPPORTED_NETWORK */
export function requireSupported(network: Network, hyper: Hyper): void {
  const reason = unsupportedReason(network, hyper);
  if (reason === undefined) return;
  throw new GpuError(
    "GPU_UNSUPPORTED_NETWORK",
    `the webgpu engine does not have ${reason}; use another engine.`,
  );
}
