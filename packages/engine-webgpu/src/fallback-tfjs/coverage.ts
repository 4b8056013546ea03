// What the fallback computes. The plan can say more, and nothing in a plan may be passed over in
// silence.

import { DENSE_WORDS, type Hyper, type Network, wordsOf } from "@convergence-lab/core";
import { TfjsError } from "./errors.ts";

/** @throws TfjsError TFJS_UNSUPPORTED, naming the first thing that is not computed here. */
export function requireCovered(network: Network, hyper: Hyper): void {
  const word = wordsOf(network, hyper).find((name) => !DENSE_WORDS.has(name));
  if (word === undefined) return;
  throw new TfjsError(
    "TFJS_UNSUPPORTED",
    `the tfjs engine does not compute ${word}; use the engine "cpu".`,
  );
}
