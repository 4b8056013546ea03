// Dropout, inverted: what is kept is scaled up in training, so that inference has nothing to do.

import { drawUniforms, Stream } from "../../../shared/random.ts";
import type { Site, Stage } from "../stage.ts";
import { tensor } from "../tensor.ts";

export function dropout(site: Site): Stage {
  const { input, units, capacity, precision, trainingSeed, position } = site;
  const { rate } = site.numbers;
  const scale = 1 / (1 - rate);
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
        output[i] = uniforms[i] >= rate ? scale * input[i] : 0;
      }
    },
    backward: (batch, gradient) => {
      for (let i = 0; i < batch * units; i++) {
        gradient[i] = uniforms[i] >= rate ? scale * gradient[i] : 0;
      }
    },
  };
}
