// Alpha dropout (Klambauer et al., "Self-normalizing neural networks", 2017): what is dropped takes
// selu's value at minus infinity, and an affine map restores mean and variance.

import { drawUniforms, Stream } from "../../../shared/random.ts";
import { SELU_ALPHA, SELU_SCALE } from "../activation.ts";
import type { Site, Stage } from "../stage.ts";
import { tensor } from "../tensor.ts";

const DROPPED = -SELU_ALPHA * SELU_SCALE;

export function alphaDropout(site: Site): Stage {
  const { input, units, capacity, precision, trainingSeed, position } = site;
  const { rate } = site.numbers;
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * DROPPED * DROPPED));
  const b = -a * DROPPED * rate;
  const output = tensor(precision, capacity * units);
  const uniforms = new Float32Array(capacity * units);
  return {
    input,
    output,
    forward: (batch, { mode, step }) => {
      if (mode === "inference") {
        output.set(input);
        return;
      }
      const drawn = uniforms.subarray(0, batch * units);
      drawUniforms(drawn, trainingSeed, Stream.dropout + position, step);
      for (let i = 0; i < batch * units; i++) {
        output[i] = a * (uniforms[i] < rate ? DROPPED : input[i]) + b;
      }
    },
    backward: (batch, gradient) => {
      for (let i = 0; i < batch * units; i++) {
        gradient[i] = uniforms[i] < rate ? 0 : a * gradient[i];
      }
    },
  };
}
