// Additive normal noise in training; the gradient passes unchanged.

import { Stream } from "../../../shared/random.ts";
import { roundUp, rowBytes } from "../padding.ts";
import { allocateMatrix, type Site, type Stage } from "../stage.ts";

export function gaussianNoise(site: Site): Stage {
  const { kernels, arena, input, units, capacity, trainingSeed, position, numbers } = site;
  const { stddev } = numbers;
  const stream = Stream.noise + position;
  const bytes = rowBytes(units);
  const output = allocateMatrix(site);
  const normals = arena.allocate(roundUp(capacity * units) + 8);
  return {
    input,
    output,
    forward: (rows, { mode, step }) => {
      if (mode === "inference") {
        kernels.copy(input, output, (rows * bytes) / 4);
        return;
      }
      kernels.normals(trainingSeed, stream, step, normals, rows * units);
      kernels.addNoise(input, normals, output, rows, units, bytes, stddev);
    },
    backward: () => {},
  };
}
