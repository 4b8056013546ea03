// A worker for one core in the one-file version: the same script by its own address, or by its own text
// where the lab's worker was started by that, under a name by which it knows what to do.

import { blobWorker, firstThatAnswers } from "./workers.ts";

/** What build.mjs wraps the one-file version in. */
declare const convergenceLabProgram: () => string;

export const CPU_WORKER = "convergence-lab cpu";

/** Undefined where none may be started. */
export function startCpuWorker(): Promise<Worker | undefined> {
  const { document, location } = globalThis as Partial<typeof globalThis>;
  const hasAddress = document === undefined && location?.protocol !== "blob:";
  return firstThatAnswers([
    ...(hasAddress ? [() => new Worker(location!.href, { name: CPU_WORKER })] : []),
    () => blobWorker(convergenceLabProgram(), CPU_WORKER),
  ]);
}
