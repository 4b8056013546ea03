// Additive normal noise in training; the gradient passes unchanged.

import { normalAt, Stream } from "../../../shared/random.ts";
import type { Site, Stage } from "../stage.ts";
import { tensor } from "../tensor.ts";

const words = new Uint32Array(2);

export function gaussianNoise(site: Site): Stage {
  const { input, units, capacity, precision, trainingSeed, position } = site;
  const { stddev } = site.numbers;
  const stream = Stream.noise + position;
  const output = tensor(precision, capacity * units);
  return {
    input,
    output,
    forward: (batch, { mode, step }) => {
      if (mode === "inference") {
        output.set(input);
        return;
      }
      for (let i = 0; i < batch * units; i++) {
        output[i] = input[i] + stddev * normalAt(trainingSeed, stream, i, step, words);
      }
    },
    backward: () => {},
  };
}
