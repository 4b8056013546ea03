// Where everything is one classic script: that script is the worker's too. It is started by its own
// address, or by its own text where it has none that a worker may load, as under file:// and from
// another origin.

import type { LabWorker } from "./connection.ts";
import { SCRIPT_ADDRESS } from "./script-address.ts";
import { blobWorker, firstToStart } from "./workers.ts";

/** What build.mjs wraps the one-file version in. */
declare const convergenceLabProgram: () => string;

export function startWorker(): Promise<LabWorker> {
  return firstToStart([
    ...(SCRIPT_ADDRESS === "" ? [] : [() => new Worker(SCRIPT_ADDRESS)]),
    () => blobWorker(convergenceLabProgram()),
  ]);
}
