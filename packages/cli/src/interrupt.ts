// Ctrl-C: the first asks the training to stop after its current chunk, the second ends the process.
// SIGTERM is how Slurm, Kubernetes and service managers say the same.

import { EXIT } from "./errors.ts";
import { note } from "./terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals their usual meaning back. */
  release(): void;
}

/** @param says What happens after the first. */
export function onInterrupt(says = "Stopping after the current chunk."): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    note(`\n${says} Ctrl-C again stops at once.`);
  };
  for (const name of SIGNALS) process.on(name, listener);
  return {
    signal: controller.signal,
    release() {
      for (const name of SIGNALS) process.off(name, listener);
    },
  };
}
