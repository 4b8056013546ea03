// The CPU engines compute dense networks. Layers over images, steps and tokens are the tfjs engine's.

import type { Network } from "../compile/plan.ts";
import { shapeWordsOf } from "../compile/words-of.ts";
import { EngineError } from "./errors.ts";

/** @throws EngineError ENGINE_UNSUPPORTED_NETWORK, naming the first layer that is not computed. */
export function requireDense(network: Network): void {
  const [word] = shapeWordsOf(network);
  if (word === undefined) return;
  throw new EngineError(
    "ENGINE_UNSUPPORTED_NETWORK",
    `the cpu engine does not have ${word}; use the engine "tfjs".`,
  );
}
