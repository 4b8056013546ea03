// A worker for one core, started by the lab's worker. The build of the one-file version puts
// start-cpu-worker-iife.ts in its place.

import { blobWorker, firstThatAnswers, importing } from "./workers.ts";

/** Undefined where none may be started. */
export function startCpuWorker(): Promise<Worker | undefined> {
  return firstThatAnswers([
    // Written so that bundlers see it and bring the worker along.
    () => new Worker(new URL("./cpu-worker.js", import.meta.url), { type: "module" }),
    () => blobWorker(importing(new URL("./cpu-worker.js", import.meta.url).href)),
  ]);
}
