// Ctrl-C: the first asks the training to stop after its current chunk, the second ends the process.

import { EXIT } from "./errors.ts";
import { note } from "./terminal.ts";

export interface Interrupt {
  readonly signal: { readonly aborted: boolean };
  /** Gives Ctrl-C its usual meaning back. */
  release(): void;
}

export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    note("\nStopping after the current chunk; Ctrl-C again to stop at once.");
  };
  process.on("SIGINT", listener);
  return { signal: controller.signal, release: () => process.off("SIGINT", listener) };
}
