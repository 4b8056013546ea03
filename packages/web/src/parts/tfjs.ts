// Loaded when TensorFlow.js is asked for, or a layer that only it has.

import type { Engine } from "@convergence-lab/core";
import { createTfjsEngine } from "@convergence-lab/engine-webgpu";

/** On the GPU where TensorFlow.js starts there, else in plain JavaScript: its WebAssembly is a file. */
export async function openTfjs(reason: string): Promise<Engine> {
  try {
    return await createTfjsEngine({ backend: "webgpu", reason });
  } catch (error) {
    return createTfjsEngine({
      backend: "cpu",
      reason: `${reason} Not on the GPU: ${(error as Error).message}`,
    });
  }
}
