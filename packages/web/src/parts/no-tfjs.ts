// TensorFlow.js in the one-file version: it would be three times the file.

import type { Engine } from "@convergence-lab/core";

export async function openTfjs(reason: string): Promise<Engine> {
  throw new RangeError(
    `${reason} The one-file version does not have TensorFlow.js; load the module instead (docs/embedding.md).`,
  );
}
