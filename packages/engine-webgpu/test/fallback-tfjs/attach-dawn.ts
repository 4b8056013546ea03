// Gives this process Dawn's navigator.gpu, which Node has not.

import { env } from "node:process";
import { create, globals } from "webgpu";

/**
 * Whether there is an adapter. Without one the tests that need it are skipped, which the runner
 * shows; with REQUIRE_GPU=1 it is a failure.
 */
export async function attachDawn(): Promise<boolean> {
  Object.assign(globalThis, globals);
  // Dawn dies with a mutex assertion when its object is collected while anything is in use.
  const gpu = create([]);
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (adapter === null && env.REQUIRE_GPU === "1") {
    throw new Error("REQUIRE_GPU is 1 and Dawn gives no adapter; set VK_DRIVER_FILES.");
  }
  return adapter !== null;
}
