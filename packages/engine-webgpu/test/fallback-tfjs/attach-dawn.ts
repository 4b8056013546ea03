// Gives this process Dawn's navigator.gpu, which Node has not. Without an adapter the tests that need
// one are skipped, or fail under CI: ../skip-without-adapter.ts.

import { hasNoAdapter, nodeGpu } from "../node-gpu.ts";

/** Whether there is an adapter. */
export async function attachDawn(): Promise<boolean> {
  Object.defineProperty(globalThis, "navigator", { value: { gpu: nodeGpu() }, configurable: true });
  return !hasNoAdapter;
}
