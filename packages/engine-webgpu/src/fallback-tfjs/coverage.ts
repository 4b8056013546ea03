// What the fallback computes. The plan can say more, and nothing in a plan may be passed over in
// silence.

import { DENSE_WORDS, type Hyper, type Network, SHAPE_WORDS, wordsOf } from "@convergence-lab/core";
import { TfjsError } from "./errors.ts";

/** @throws TfjsError TFJS_UNSUPPORTED, naming the first thing that is not computed here. */
export function requireCovered(network: Network, hyper: Hyper): void {
  const isUnknown = (word: string) => !DENSE_WORDS.has(word) && !SHAPE_WORDS.has(word);
  const word = wordsOf(network, hyper).find(isUnknown);
  if (word === undefined) return;
  throw new TfjsError(
    "TFJS_UNSUPPORTED",
    `the tfjs engine does not compute ${word}; use the engine "cpu".`,
  );
}
