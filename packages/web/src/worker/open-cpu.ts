// The engine that runs anywhere, on the thread that opens it.

import type { Engine } from "@convergence-lab/core";

export async function openCpu(reason: string): Promise<Engine> {
  const { createSimdEngine } = await import("../parts/cpu.ts");
  return createSimdEngine({ reason, isTimeToPause: every(MS_BETWEEN_PAUSES) });
}

/** Where there is no worker the page draws between two of them; a browser's pause takes 4 ms itself. */
const MS_BETWEEN_PAUSES = 50;

function every(ms: number): () => boolean {
  let next = performance.now() + ms;
  return () => {
    const now = performance.now();
    if (now < next) return false;
    next = now + ms;
    return true;
  };
}
