// Ways to start a worker, in turn: what a page's policy forbids fails, and the next is tried. The last
// is no worker at all: the lab then runs in the page between two of its frames.

import type { LabWorker } from "./connection.ts";

/** A page whose policy forbids all ways gets the lab in the page itself. */
export async function firstToStart(ways: readonly (() => Worker)[]): Promise<LabWorker> {
  const worker = await firstThatAnswers(ways);
  if (worker === undefined) return inThePage();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    onMessage: (handler) => {
      worker.onmessage = ({ data }) => handler(data);
    },
    end: () => worker.terminate(),
  };
}

/** Undefined when none does. */
export async function firstThatAnswers(
  ways: readonly (() => Worker)[],
): Promise<Worker | undefined> {
  for (const start of ways) {
    try {
      return await answering(start());
    } catch {
      // The next way.
    }
  }
  return undefined;
}

/** A script that loads slowly is no script that fails: the network decides, not a clock. */
function answering(worker: Worker): Promise<Worker> {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker.terminate();
      reject(new Error("the worker did not start"));
    };
    worker.onmessage = () => {
      worker.onerror = null;
      worker.onmessage = null;
      resolve(worker);
    };
  });
}

async function inThePage(): Promise<LabWorker> {
  const { serveLab } = await import("./worker/serve-lab.ts");
  const { port1, port2 } = new MessageChannel();
  const portOf = (port: MessagePort) => ({
    post: (message: unknown, transfer?: Transferable[]) =>
      port.postMessage(message, transfer ?? []),
    onMessage: (handler: (message: unknown) => void) => {
      port.onmessage = ({ data }) => handler(data);
    },
  });
  serveLab(portOf(port2));
  return { ...portOf(port1), end: () => port1.close() };
}

/** A worker whose script is given as text. */
export function blobWorker(script: string, name = ""): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url, { name });
  const revoke = () => URL.revokeObjectURL(url);
  worker.addEventListener("message", revoke, { once: true });
  worker.addEventListener("error", revoke, { once: true });
  return worker;
}

/**
 * A script that loads a module from anywhere. A promise that fails in a worker is no error of the
 * worker's, so it is thrown.
 */
export function importing(address: string): string {
  return `import(${JSON.stringify(address)}).catch((e) => setTimeout(() => { throw e; }));`;
}
