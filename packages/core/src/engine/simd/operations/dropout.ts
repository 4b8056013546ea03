// Dropout and alpha dropout: in training what is kept is scaled and shifted, what is not becomes a
// constant; inference has nothing to do.

import { Stream } from "../../../shared/random.ts";
import { SELU_ALPHA, SELU_SCALE } from "../../reference/activation.ts";
import { roundUp, rowBytes } from "../padding.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

export function dropout(site: Site): Stage {
  const { rate } = site.numbers;
  return randomMask(site, { scale: 1 / (1 - rate), shift: 0, dropped: 0 });
}

/** Klambauer et al., "Self-normalizing neural networks", 2017. */
export function alphaDropout(site: Site): Stage {
  const { rate } = site.numbers;
  const lowest = -SELU_ALPHA * SELU_SCALE;
  const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * lowest * lowest));
  const shift = -scale * lowest * rate;
  return randomMask(site, { scale, shift, dropped: scale * lowest + shift });
}

interface Mask {
  readonly scale: number;
  readonly shift: number;
  readonly dropped: number;
}

function randomMask(site: Site, { scale, shift, dropped }: Mask): Stage {
  const { kernels, arena, input, units, capacity, trainingSeed, position } = site;
  const stream = Stream.dropout + position;
  const bytes = rowBytes(units);
  const rate = nextUniform(site.numbers.rate);
  const output = allocateMatrix(site);
  // Blocks are written two vectors at a time, and the last row is read in vectors.
  const uniforms = arena.allocate(roundUp(capacity * units) + 8);
  return {
    input,
    output,
    forward: (rows, { mode, step }) => {
      if (mode === "inference") {
        kernels.copy(input, output, (rows * bytes) / 4);
        return;
      }
      kernels.uniforms(trainingSeed, stream, step, uniforms, rows * units);
      kernels.dropoutForward(
        input,
        uniforms,
        output,
        rows,
        units,
        bytes,
        rate,
        scale,
        shift,
        dropped,
      );
    },
    backward: (rows, gradient) =>
      kernels.dropoutBackward(uniforms, gradient, rows, units, bytes, rate, scale),
  };
}

/** Uniform numbers have 24 bits: none lies between a rate and the next of them, which is exact. */
function nextUniform(rate: number): number {
  return Math.ceil(rate * 2 ** 24) / 2 ** 24;
}
