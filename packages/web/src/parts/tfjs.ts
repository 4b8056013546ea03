// Loaded when TensorFlow.js is asked for, when a layer is that only it has, and where a GPU computes
// wrong numbers with our kernels.

import type { Engine } from "@convergence-lab/core";
import { createTfjsEngine, requireTrustworthyEngine } from "@convergence-lab/engine-webgpu";

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

/**
 * On the GPU, held to the known answer of the self-check.
 * @throws GpuError GPU_SELF_CHECK_FAILED
 */
export async function openCheckedTfjs(reason: string): Promise<Engine> {
  const engine = await createTfjsEngine({ backend: "webgpu", reason });
  await requireTrustworthyEngine(engine);
  return engine;
}
