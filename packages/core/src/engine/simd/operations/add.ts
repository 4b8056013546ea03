// A residual connection: the output of an earlier block is added, and gets the same gradient.
// Nothing here waits for that block; it takes what is gathered when its own turn comes.

import { rowBytes } from "../padding.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

/** Adds `other`, an earlier block's output, and gathers that block's gradient in `otherGradient`. */
export function add(site: Site, other: number, otherGradient: number): Stage {
  const { kernels, input, units } = site;
  const width = rowBytes(units) / 4;
  const output = allocateMatrix(site);
  return {
    input,
    output,
    forward: (rows) => kernels.add(input, other, output, rows * width),
    backward: (rows, gradient) => kernels.addTo(otherGradient, gradient, rows * width),
  };
}
