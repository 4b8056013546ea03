// Lets the event loop run. Timers are the one thing of this kind that Node, Deno and browsers have
// in common, in pages as in workers.

declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Resolves after everything that waits in the event loop has had its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
