// The uniform numbers of one operation at one step: those of `uniformAt`, a Threefry block for two.

import { threefry2x32, uniformFromBits } from "../../../shared/random.ts";

const words = new Uint32Array(2);

/** Writes elements 0 .. count - 1 of the stream; 24 bits each, exact in float32. */
export function drawUniforms(
  out: Float32Array,
  count: number,
  seed: number,
  stream: number,
  step: number,
): void {
  for (let i = 0; i < count; i += 2) {
    threefry2x32(seed, stream, i >>> 1, step, words);
    out[i] = uniformFromBits(words[0]);
    if (i + 1 < count) out[i + 1] = uniformFromBits(words[1]);
  }
}
