// How often Dawn asks, in Node, what has happened on the device. While anything is awaited it does so
// in every turn of the event loop, which takes a whole core: one that a software adapter computes on.

/** Milliseconds; Node's timers know no fewer. */
const INTERVAL = 1;

/** What Node has and the types of a page lack. */
const node = globalThis as unknown as {
  setImmediate(callback: unknown, ...rest: unknown[]): unknown;
};

/** From now on Dawn asks by timer; whoever else calls `setImmediate` gets what it is. */
export function pollByTimer(): void {
  node.setImmediate = new Proxy(node.setImmediate, {
    apply(immediately, self, [callback, ...rest]) {
      return isNative(callback)
        ? setTimeout(callback, INTERVAL)
        : Reflect.apply(immediately, self, [callback, ...rest]);
    },
  });
}

/** Whether it is a function of an addon: those have no name, and no text. */
function isNative(callback: unknown): callback is () => void {
  return (
    typeof callback === "function" &&
    callback.name === "" &&
    String(callback).endsWith("{ [native code] }")
  );
}
