// A residual connection: the output of an earlier block is added, and gets the same gradient.
// Nothing here waits for that block; it takes what is gathered when its own turn comes.

import type { Site, Stage } from "../stage.ts";
import { type Tensor, tensor } from "../tensor.ts";

/** Adds `other`, an earlier block's output, and gathers that block's gradient in `otherGradient`. */
export function add(site: Site, other: Tensor, otherGradient: Tensor): Stage {
  const { input, units, capacity, precision } = site;
  const output = tensor(precision, capacity * units);
  return {
    input,
    output,
    forward: (batch) => {
      for (let i = 0; i < batch * units; i++) output[i] = input[i] + other[i];
    },
    backward: (batch, gradient) => {
      for (let i = 0; i < batch * units; i++) otherGradient[i] += gradient[i];
    },
  };
}
