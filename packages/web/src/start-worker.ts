// Where the script of the worker is a module of its own, beside this one. The build of the one-file
// version puts start-worker-iife.ts in its place.

import type { LabWorker } from "./connection.ts";
import { blobWorker, firstToStart, importing } from "./workers.ts";

export function startWorker(): Promise<LabWorker> {
  return firstToStart([
    // Written so that bundlers see it and bring the worker along.
    () => new Worker(new URL("./lab-worker.js", import.meta.url), { type: "module" }),
    // From another origin, or from none as in a sandboxed frame, a worker may not be started, but one
    // of the page's own may import it.
    () => blobWorker(importing(new URL("./lab-worker.js", import.meta.url).href)),
  ]);
}
