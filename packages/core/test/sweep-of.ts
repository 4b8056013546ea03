// A small sweep that trains in a blink, for tests: 24 rows of two classes, in the spec itself.

import type { Engine } from "../src/engine/engine.ts";
import { createSimdEngine } from "../src/engine/simd/index.ts";
import { parseSweep } from "../src/sweep/parse-sweep.ts";
import type { Sweep } from "../src/sweep/sweep.ts";

const ROWS = Array.from({ length: 24 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i), i % 3]);

export const sweptSpec = {
  name: "small",
  data: {
    source: { kind: "inline", rows: ROWS, labels: ROWS.map(([a, b]) => (a + b > 0 ? 1 : 0)) },
    split: { testSize: 0.25 },
  },
  model: {
    layers: [
      { units: 4, activation: "relu" },
      { type: "dropout", rate: 0.1 },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", epochs: 6, batchSize: 8 },
  seeds: { training: 2 },
};

/** @param parts Of the sweep as it would be written; `spec` is merged over the usual one. */
export function sweepOf({
  spec = {},
  ...parts
}: { spec?: object } & Record<string, unknown>): Sweep {
  return parseSweep({ method: "grid", spec: { ...sweptSpec, ...spec }, ...parts });
}

export const simd: Engine = createSimdEngine({ reason: "test" });
