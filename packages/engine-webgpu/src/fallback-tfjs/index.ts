// The tfjs fallback. Importing this loads nothing of TensorFlow.js; creating the engine does.

import type { Engine } from "@convergence-lab/core";
import type { TfjsEngineOptions } from "./tfjs-engine.ts";

export type { TfjsBackend } from "./backend.ts";
export { TfjsError, type TfjsErrorCode } from "./errors.ts";
export type { TfjsEngineOptions } from "./tfjs-engine.ts";

/** @throws TfjsError TFJS_BACKEND_UNAVAILABLE */
export async function createTfjsEngine(options: TfjsEngineOptions): Promise<Engine> {
  const { startTfjsEngine } = await import("./tfjs-engine.ts");
  return startTfjsEngine(options);
}
